package io.linchpin.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import java.time.Duration;

/**
 * Reads settings that have a range. Paths are within {@code linchpin}.
 *
 * <p>Each throws {@link ConfigException} where the value is missing, of the wrong kind or out of range: the message names the
 * setting, its value and its range.
 */
public final class Ranges {
    private Ranges() {}

    public static int integer(Config linchpin, String path, int least, int most) {
        int value = linchpin.getInt(path);
        if (value < least || value > most) {
            throw outOfRange(linchpin, path, value, least, most);
        }
        return value;
    }

    /**
     * A size.
     *
     * @param unit of which it is a multiple
     */
    public static long bytes(Config linchpin, String path, long least, long most, long unit) {
        long value = linchpin.getBytes(path);
        if (value < least || value > most || value % unit != 0) {
            throw outOfRange(linchpin, path, value, least, most + (unit == 1 ? "" : ", a multiple of " + unit));
        }
        return value;
    }

    public static Duration duration(Config linchpin, String path, Duration least, Duration most) {
        Duration value = linchpin.getDuration(path);
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw outOfRange(linchpin, path, value, least, most);
        }
        return value;
    }

    private static ConfigException outOfRange(Config linchpin, String path, Object value, Object least, Object most) {
        return refused(linchpin, path, value + " is out of range: " + least + " to " + most);
    }

    /** What is wrong with a setting, for other reasons than its range. */
    public static ConfigException refused(Config linchpin, String path, String why) {
        return new ConfigException.BadValue(linchpin.getValue(path).origin(), "linchpin." + path, why);
    }
}
