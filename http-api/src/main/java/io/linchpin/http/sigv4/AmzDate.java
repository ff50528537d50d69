package io.linchpin.http.sigv4;

import io.linchpin.http.wire.HttpDate;
import io.linchpin.http.wire.Iso8601;
import java.time.Instant;
import java.util.Optional;

/**
 * The time of a signature.
 *
 * @param text {@code yyyyMMdd'T'HHmmss'Z'}, as strings to sign have it
 */
record AmzDate(String text, Instant instant) {
    static Optional<AmzDate> parse(String text) {
        return Iso8601.parseBasic(text).map(i -> new AmzDate(text, i));
    }

    /** A Date header stands in where there is no x-amz-date, in the basic form or that of HTTP. */
    static Optional<AmzDate> parseDateHeader(String text) {
        return parse(text).or(() -> HttpDate.parse(text).map(i -> new AmzDate(Iso8601.formatBasic(i), i)));
    }

    boolean isOfDay(String yyyyMMdd) {
        return text.startsWith(yyyyMMdd) && yyyyMMdd.length() == 8;
    }
}
