package io.linchpin.http.server;

import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Request ids: 16 characters, unique within a node's life and, by their random start, hardly ever the same in another.
 */
final class RequestIds {
    /** Odd, so that adding it runs through all 2^64 values before one repeats; it also makes neighbours look unlike. */
    private static final long STEP = 0x9E3779B97F4A7C15L;

    private final AtomicLong next;

    RequestIds(long start) {
        this.next = new AtomicLong(start);
    }

    String next() {
        String hex = Long.toHexString(next.getAndAdd(STEP)).toUpperCase(Locale.ROOT);
        return "0".repeat(16 - hex.length()) + hex;
    }
}
