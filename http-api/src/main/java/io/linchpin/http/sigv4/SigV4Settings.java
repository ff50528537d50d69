package io.linchpin.http.sigv4;

import java.time.Duration;

/**
 * What a deployment may set.
 *
 * @param region the one region that signatures must name
 * @param maxSkew how far a clock may be off, both ways; 15 minutes by default
 * @param presignedContentTypeSigned whether a presigned URL used with a Content-Type must have signed it; true by default.
 *     Some presigners never sign it; without this whoever has the URL chooses the type
 */
public record SigV4Settings(String region, Duration maxSkew, boolean presignedContentTypeSigned) {
    public static SigV4Settings of(String region) {
        return new SigV4Settings(region, Duration.ofMinutes(15), true);
    }
}
