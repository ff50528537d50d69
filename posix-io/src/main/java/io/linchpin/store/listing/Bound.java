package io.linchpin.store.listing;

import io.linchpin.store.value.ObjectKey;

/**
 * Where a listing goes on, in UTF-8 byte order: after a text, and, where that text is a common prefix that was listed
 * already, after all keys that begin with it.
 *
 * @param text what was listed last; empty: from the start
 * @param wholePrefix whether keys that begin with {@code text} are left out too
 */
public record Bound(String text, boolean wholePrefix) {
    public static final Bound START = new Bound("", false);

    /** After this key (start-after), which need not exist. */
    public static Bound after(String key) {
        return new Bound(key, false);
    }

    /** After a common prefix and all that it stands for. */
    public static Bound afterPrefix(String prefix) {
        return new Bound(prefix, !prefix.isEmpty());
    }

    /**
     * After the marker of a version 1 listing, which may be a key or a common prefix. One inside a common prefix, or equal
     * to it, is after all that the prefix stands for: it was listed before anything in it.
     */
    public static Bound marker(String marker, String prefix, String delimiter) {
        if (!delimiter.isEmpty() && marker.startsWith(prefix)) {
            int at = marker.indexOf(delimiter, prefix.length());
            if (at >= 0) {
                return afterPrefix(marker.substring(0, at + delimiter.length()));
            }
        }
        return after(marker);
    }

    /** Whether a key comes after this. */
    boolean admits(String key) {
        return ObjectKey.compareUtf8(key, text) > 0 && !(wholePrefix && key.startsWith(text));
    }

    /** Whether some key that begins with {@code start} comes after this. */
    boolean admitsBelow(String start) {
        if (text.startsWith(start)) {
            return !(wholePrefix && text.length() == start.length());
        }
        return admits(start);
    }
}
