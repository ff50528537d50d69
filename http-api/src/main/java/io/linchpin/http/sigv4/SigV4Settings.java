package io.linchpin.http.sigv4;

import java.time.Duration;

/**
 * What a deployment may set.
 *
 * @param region the one region that signatures must name
 * @param maxSkew how far a clock may be off, both ways; 15 minutes by default
 * @param contentTypeSigned whether a Content-Type that is sent must be signed; true by default: without this whoever has a
 *     presigned URL, or stands between, chooses the type under which an object is served
 */
public record SigV4Settings(String region, Duration maxSkew, boolean contentTypeSigned) {
    private static final Duration MAX_SKEW = Duration.ofMinutes(15);

    public static SigV4Settings of(String region) {
        return of(region, true);
    }

    public static SigV4Settings of(String region, boolean contentTypeSigned) {
        return new SigV4Settings(region, MAX_SKEW, contentTypeSigned);
    }
}
