package io.linchpin.cluster.multipart;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import io.linchpin.store.multipart.PartFile;
import io.linchpin.store.multipart.UploadCompletion;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.value.UploadId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What uploads are made with on a node.
 *
 * @param current asked only where no owner could say what became of a completion
 * @param blocking runs file operations
 * @param ids never the same one twice in a store's life
 * @param bootNanos CLOCK_BOOTTIME, as the mutations' deadlines have it
 */
public record MultipartServices(
        UploadStore store,
        UploadCompletion completion,
        CurrentUpload current,
        Executor blocking,
        InstantSource clock,
        LongSupplier bootNanos,
        Supplier<UploadId> ids,
        Settings settings) {
    /**
     * What may be set.
     *
     * @param minPartBytes the least size of all parts but the last
     * @param deadline how long a completion's mutation may wait to be judged
     * @param sweepInterval how often the oldest node looks for uploads to remove
     * @param keepEnded for how long an upload that has ended answers those who ask again
     * @param expireAfter how long after it was begun an upload is aborted; empty: never
     */
    public record Settings(
            long minPartBytes,
            Duration deadline,
            PartFile.Limits limits,
            Duration sweepInterval,
            Duration keepEnded,
            Optional<Duration> expireAfter) {
        private static final String SECTION = "linchpin.multipart.";
        private static final long MIB = 1L << 20;
        private static final long EXBIBYTE = 1L << 60;

        /**
         * Reads {@code linchpin.multipart}, the keys of which are described in {@code linchpin.conf}.
         *
         * @throws ConfigException where a value is missing, of the wrong kind or out of range: the message names it
         */
        public static Settings of(Config config) {
            PartFile.Limits limits = new PartFile.Limits(
                    bytes(config, "min-stride", 1, 5120 * MIB),
                    bytes(config, "stride-unit", 1, 5120 * MIB),
                    bytes(config, "max-base-size", MIB, EXBIBYTE));
            boolean expire = !config.getAnyRef(SECTION + "expire-after").equals("off");
            return new Settings(
                    bytes(config, "min-part-size", 0, 5120 * MIB),
                    duration(config, "completion-deadline", Duration.ofSeconds(1), Duration.ofSeconds(10)),
                    limits,
                    duration(config, "sweep-interval", Duration.ofSeconds(1), Duration.ofDays(1)),
                    duration(config, "keep-ended", Duration.ofMinutes(1), Duration.ofDays(30)),
                    expire
                            ? Optional.of(
                                    duration(config, "expire-after", Duration.ofMinutes(1), Duration.ofDays(36_500)))
                            : Optional.empty());
        }

        private static long bytes(Config config, String key, long least, long most) {
            long value = config.getBytes(SECTION + key);
            if (value < least || value > most) {
                throw outOfRange(config, key, value, least, most);
            }
            return value;
        }

        private static Duration duration(Config config, String key, Duration least, Duration most) {
            Duration value = config.getDuration(SECTION + key);
            if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
                throw outOfRange(config, key, value, least, most);
            }
            return value;
        }

        private static ConfigException outOfRange(Config config, String key, Object value, Object least, Object most) {
            return new ConfigException.BadValue(
                    config.getValue(SECTION + key).origin(),
                    SECTION + key,
                    value + " is out of range: " + least + " to " + most);
        }
    }
}
