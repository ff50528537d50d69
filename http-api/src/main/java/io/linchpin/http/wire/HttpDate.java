package io.linchpin.http.wire;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The dates of HTTP headers. Written as {@code Sun, 06 Nov 1994 08:49:37 GMT}; read in that form (the day of the week
 * optional, one digit for the day allowed, {@code UTC}, {@code +0000} or {@code -0000} for {@code GMT}), in the two obsolete forms of
 * RFC 9110, and in ISO 8601.
 */
public final class HttpDate {
    private static final String[] DAYS = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
    private static final String[] MONTHS = {
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"
    };

    private static final List<DateTimeFormatter> READ = List.of(
            formatter("[EEE, ]d MMM uuuu HH:mm:ss[ 'GMT'][ 'UTC'][ '+0000'][ '-0000']"),
            rfc850(),
            formatter("EEE MMM ppd HH:mm:ss uuuu"));

    private HttpDate() {}

    private static DateTimeFormatter formatter(String pattern) {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern(pattern)
                .toFormatter(Locale.US);
    }

    /** Two-digit years: RFC 9110 takes one that seems more than 50 years ahead as past; 1970 to 2069 does the same here. */
    private static DateTimeFormatter rfc850() {
        return new DateTimeFormatterBuilder()
                .parseCaseInsensitive()
                .appendPattern("EEEE, dd-MMM-")
                .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                .appendPattern(" HH:mm:ss 'GMT'")
                .toFormatter(Locale.US);
    }

    /** The date in a header; a fraction of a second is cut off. */
    public static String format(Instant instant) {
        LocalDateTime t = LocalDateTime.ofEpochSecond(instant.getEpochSecond(), 0, ZoneOffset.UTC);
        StringBuilder out = new StringBuilder(29);
        DayOfWeek day = t.getDayOfWeek();
        out.append(DAYS[day.getValue() - 1]).append(", ");
        Iso8601.pad(out, t.getDayOfMonth(), 2);
        out.append(' ').append(MONTHS[t.getMonthValue() - 1]).append(' ');
        Iso8601.pad(out, t.getYear(), 4);
        out.append(' ');
        Iso8601.pad(out, t.getHour(), 2);
        out.append(':');
        Iso8601.pad(out, t.getMinute(), 2);
        out.append(':');
        Iso8601.pad(out, t.getSecond(), 2);
        return out.append(" GMT").toString();
    }

    /** The instant that a header names; nothing where it is no date (a condition with such a date is ignored). */
    public static Optional<Instant> parse(String text) {
        String t = text.strip();
        if (t.length() > 64) {
            return Optional.empty();
        }
        if (t.length() > 10 && t.charAt(10) == 'T') {
            return Iso8601.parse(t);
        }
        return READ.stream().map(f -> parse(t, f)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<Instant> parse(String text, DateTimeFormatter form) {
        try {
            var parsed = form.parse(text);
            return Optional.of(LocalDateTime.of(LocalDate.from(parsed), LocalTime.from(parsed))
                    .toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notOfThisForm) {
            return Optional.empty();
        }
    }

    /** Conditions compare whole seconds, for a header carries no more. */
    public static Instant toSecond(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
