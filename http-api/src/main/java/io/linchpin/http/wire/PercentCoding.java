package io.linchpin.http.wire;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Percent-coding over bytes of UTF-8. Three encoders, because S3 has three rules: a canonical path keeps {@code /}, a
 * canonical query parameter keeps nothing but the unreserved characters, and {@code encoding-type=url} is its own.
 */
public final class PercentCoding {
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();
    private static final boolean[] UNRESERVED = new boolean[128];
    private static final boolean[] PATH = new boolean[128];
    private static final boolean[] LISTING = new boolean[128];

    static {
        String alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        mark(UNRESERVED, alphanumeric + "-._~");
        mark(PATH, alphanumeric + "-._~/");
        mark(LISTING, alphanumeric + "-._*/");
    }

    private PercentCoding() {}

    private static void mark(boolean[] set, String members) {
        for (int i = 0; i < members.length(); i++) {
            set[members.charAt(i)] = true;
        }
    }

    /** As a name or value of a canonical query: all but {@code A-Za-z0-9-._~}. */
    public static String encode(String text) {
        return encode(text, UNRESERVED, false);
    }

    /** As a canonical path: all but {@code A-Za-z0-9-._~/}. */
    public static String encodePath(String text) {
        return encode(text, PATH, false);
    }

    /** As {@code encoding-type=url} has it: form encoding (a space is {@code +}, {@code ~} is encoded) that keeps {@code /}. */
    public static String encodeListing(String text) {
        return encode(text, LISTING, true);
    }

    private static String encode(String text, boolean[] kept, boolean spaceIsPlus) {
        int i = 0;
        while (i < text.length() && text.charAt(i) < 128 && kept[text.charAt(i)]) {
            i++;
        }
        if (i == text.length()) {
            return text;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        StringBuilder out = new StringBuilder(bytes.length + 16).append(text, 0, i);
        for (; i < bytes.length; i++) {
            byte b = bytes[i];
            if (b >= 0 && kept[b]) {
                out.append((char) b);
            } else if (b == ' ' && spaceIsPlus) {
                out.append('+');
            } else {
                out.append('%').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return out.toString();
    }

    /**
     * The text that a percent-encoded one stands for; nothing where an escape is cut short or not hex, where the bytes
     * are not UTF-8, or where a control character or space stands there unescaped.
     *
     * @param plusIsSpace whether a bare {@code +} means a space, as in a query
     */
    public static Optional<String> decode(String text, boolean plusIsSpace) {
        if (isPlain(text, plusIsSpace)) {
            return Optional.of(text);
        }
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            byte b = in[i];
            if (b == '%') {
                if (i + 2 >= in.length || digit(in[i + 1]) < 0 || digit(in[i + 2]) < 0) {
                    return Optional.empty();
                }
                out[n++] = (byte) ((digit(in[i + 1]) << 4) | digit(in[i + 2]));
                i += 2;
            } else if ((b >= 0 && b <= 0x20) || b == 0x7F) {
                return Optional.empty();
            } else {
                out[n++] = b == '+' && plusIsSpace ? (byte) ' ' : b;
            }
        }
        return utf8(ByteBuffer.wrap(out, 0, n));
    }

    private static boolean isPlain(String text, boolean plusIsSpace) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c <= 0x20 || c >= 0x7F || c == '%' || (c == '+' && plusIsSpace)) {
                return false;
            }
        }
        return true;
    }

    private static int digit(byte b) {
        return Character.digit(b, 16);
    }

    /** Strict: an ill-formed sequence is not replaced but refused. */
    static Optional<String> utf8(ByteBuffer bytes) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        try {
            CharBuffer chars = decoder.decode(bytes);
            return Optional.of(chars.toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }
}
