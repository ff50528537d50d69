package io.linchpin.http.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Texts that a header cannot carry, as the encoded words of RFC 2047, which is how S3 takes and gives user metadata:
 * {@code =?UTF-8?B?w7w=?=} is {@code ü}.
 */
public final class EncodedWords {
    /** RFC 2047 section 2: no word is longer; a longer text is so many words, with a space between them. */
    private static final int MAX_WORD = 75;

    private static final String PREFIX = "=?UTF-8?";
    private static final String SUFFIX = "?=";
    private static final int MAX_PAYLOAD = MAX_WORD - PREFIX.length() - 2 - SUFFIX.length();
    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    /** A word, and the space before it. Without backtracking: every run is ended by a character that is not in it. */
    private static final Pattern TOKEN = Pattern.compile("([ \\t]*+)([^ \\t]++)");

    private static final Pattern WORD = Pattern.compile("=\\?([^?]++)\\?([BbQq])\\?([^?]*+)\\?=");

    private EncodedWords() {}

    /**
     * A text as a header carries it: as it is where it is printable ASCII, else in words of UTF-8. Those are quoted where
     * most of its characters are ASCII, and base64 where they are not, as S3 does.
     */
    public static String encode(String text) {
        if (isPlain(text)) {
            return text;
        }
        boolean quoted = isMostlyAscii(text);
        StringBuilder out = new StringBuilder(text.length() * 3);
        StringBuilder payload = new StringBuilder(MAX_WORD);
        int from = 0;
        int bytes = 0;
        for (int at = 0; at < text.length(); ) {
            int next = at + Character.charCount(text.codePointAt(at));
            String character = text.substring(at, next);
            int length = character.getBytes(StandardCharsets.UTF_8).length;
            String q = quoted ? quote(character) : "";
            if (quoted ? payload.length() + q.length() > MAX_PAYLOAD : (bytes + length + 2) / 3 * 4 > MAX_PAYLOAD) {
                word(out, quoted ? payload.toString() : base64(text.substring(from, at)), quoted);
                payload.setLength(0);
                from = at;
                bytes = 0;
            }
            payload.append(q);
            bytes += length;
            at = next;
        }
        word(out, quoted ? payload.toString() : base64(text.substring(from)), quoted);
        return out.toString();
    }

    private static void word(StringBuilder out, String payload, boolean quoted) {
        out.append(out.isEmpty() ? "" : " ")
                .append(PREFIX)
                .append(quoted ? "Q?" : "B?")
                .append(payload)
                .append(SUFFIX);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quote(String character) {
        StringBuilder out = new StringBuilder(12);
        for (byte b : character.getBytes(StandardCharsets.UTF_8)) {
            if (b == ' ') {
                out.append('_');
            } else if (b > ' ' && b < 0x7F && b != '=' && b != '?' && b != '_') {
                out.append((char) b);
            } else {
                out.append('=').append(HEX[(b >> 4) & 0xF]).append(HEX[b & 0xF]);
            }
        }
        return out.toString();
    }

    /**
     * Whether a header brings it as it is: printable, without space at its ends, which counts as the header's own, and with
     * no encoded word in it, which would be decoded.
     */
    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isAscii(text.charAt(i))) {
                return false;
            }
        }
        return text.isEmpty()
                || (!isSpace(text.charAt(0))
                        && !isSpace(text.charAt(text.length() - 1))
                        && decode(text).equals(text));
    }

    private static boolean isMostlyAscii(String text) {
        long ascii = text.chars().filter(c -> isAscii((char) c)).count();
        return ascii > text.length() - ascii;
    }

    private static boolean isAscii(char c) {
        return (c >= ' ' && c < 0x7F) || c == '\t';
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t';
    }

    /**
     * The text that a header's value stands for. Space between two encoded words is part of neither; whatever is no
     * well-formed word of a known charset stays as it came.
     */
    public static String decode(String value) {
        if (!value.contains("=?")) {
            return value;
        }
        StringBuilder out = new StringBuilder(value.length());
        boolean afterWord = false;
        int end = 0;
        Matcher tokens = TOKEN.matcher(value);
        while (tokens.find()) {
            Optional<String> word = word(tokens.group(2));
            if (!afterWord || word.isEmpty()) {
                out.append(tokens.group(1));
            }
            out.append(word.orElse(tokens.group(2)));
            afterWord = word.isPresent();
            end = tokens.end();
        }
        return out.append(value, end, value.length()).toString();
    }

    private static Optional<String> word(String token) {
        Matcher word = WORD.matcher(token);
        if (!word.matches()) {
            return Optional.empty();
        }
        try {
            byte[] bytes = word.group(2).equalsIgnoreCase("B")
                    ? Base64.getDecoder().decode(word.group(3))
                    : unquote(word.group(3));
            return Optional.of(text(bytes, Charset.forName(word.group(1))));
        } catch (IllegalArgumentException | CharacterCodingException unknownCharsetOrMalformed) {
            return Optional.empty();
        }
    }

    private static String text(byte[] bytes, Charset charset) throws CharacterCodingException {
        return charset.newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT)
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** @throws IllegalArgumentException where an escape is cut short or not hex */
    private static byte[] unquote(String payload) {
        byte[] in = payload.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            if (in[i] == '=') {
                if (i + 2 >= in.length || Character.digit(in[i + 1], 16) < 0 || Character.digit(in[i + 2], 16) < 0) {
                    throw new IllegalArgumentException(payload);
                }
                out[n++] = (byte) ((Character.digit(in[i + 1], 16) << 4) | Character.digit(in[i + 2], 16));
                i += 2;
            } else {
                out[n++] = in[i] == '_' ? (byte) ' ' : in[i];
            }
        }
        return Arrays.copyOf(out, n);
    }
}
