package io.linchpin.store.explore;

import java.nio.charset.StandardCharsets;

/** Bodies that say whose they are: {@code op-N} of an upload, {@code hand-N} of a person, then a blank and filling. */
final class Bodies {
    private Bodies() {}

    static String head(int op) {
        return "op-" + op;
    }

    /** The upload's body, padded to so many bytes; to the bare head where it has no room for more. */
    static byte[] of(int op, int bytes) {
        return padded(head(op), bytes);
    }

    static byte[] padded(String head, int bytes) {
        String text = bytes <= head.length() + 1 ? head : head + " " + "x".repeat(bytes - head.length() - 1);
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whose the text is; a violation where it is nobody's, or not whole. */
    static String headOf(String text) {
        int blank = text.indexOf(' ');
        String head = blank < 0 ? text : text.substring(0, blank);
        boolean filled = blank < 0 || text.substring(blank + 1).chars().allMatch(c -> c == 'x');
        if (!filled || !(isHandMade(head) || head.startsWith("op-"))) {
            throw new Violation("S1: bytes that nobody uploaded: '" + text.replace('\0', '?') + "'");
        }
        return head;
    }

    static boolean isHandMade(String text) {
        return text.startsWith("hand-");
    }
}
