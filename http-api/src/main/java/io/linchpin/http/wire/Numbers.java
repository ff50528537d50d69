package io.linchpin.http.wire;

/** Decimal numbers as headers, parameters and documents carry them: digits and nothing else. */
public final class Numbers {
    private Numbers() {}

    /** The number of 1 to 18 digits; -1 where the text is anything else. */
    public static long nonNegative(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        long n = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            n = n * 10 + (c - '0');
        }
        return n;
    }
}
