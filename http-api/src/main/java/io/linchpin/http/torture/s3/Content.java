package io.linchpin.http.torture.s3;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.TreeSet;

/**
 * The content of one upload, which can be made again from its name alone. Every line of the body tells key and upload, and its
 * length differs from one upload to the next, so that any mixture is seen.
 *
 * @param key number of the key that it is meant for, from 0
 * @param upload distinct among the uploads to that key, from 1
 */
public record Content(int key, int upload) {
    /** A body that is no upload's: {@link Parts#number} of it. */
    public static final int FOREIGN = -3;

    private static final int LINE_BYTES = 32;
    private static final int MOST = 9_999_999;

    /** Bytes, on both sides of what servers commonly keep inline, buffer or page: no two are multiples of a line. */
    private static final int[] SIZES = {65, 700, 4_099, 3_001, 16_385, 20_011, 65_537, 70_001, 1_025, 9_001, 131_101};

    public Content {
        if (key < 0 || key > MOST || upload < 1 || upload > MOST) {
            throw new IllegalArgumentException("key " + key + ", upload " + upload);
        }
    }

    /**
     * What a body turned out to be.
     *
     * @param number the upload whose body it is, whole; {@link #FOREIGN} otherwise
     * @param words for people, where it is no one upload's
     */
    public record Parts(int number, String words) {}

    /** In bytes. */
    public int size() {
        return SIZES[(key + upload) % SIZES.length] + upload % 29;
    }

    public byte[] body() {
        byte[] line = String.format("key %07d upload %07d ....\n", key, upload).getBytes(StandardCharsets.US_ASCII);
        byte[] body = new byte[size()];
        for (int at = 0; at < body.length; at += LINE_BYTES) {
            System.arraycopy(line, 0, body, at, Math.min(LINE_BYTES, body.length - at));
        }
        return body;
    }

    /** As metadata and tag have it. */
    public String name() {
        return "k" + key + "-u" + upload;
    }

    /** The upload of that name, of that key; {@link #FOREIGN} for any other text. */
    public static int uploadOf(int key, String name) {
        String start = "k" + key + "-u";
        if (!name.startsWith(start)) {
            return FOREIGN;
        }
        return number(name, start.length(), name.length());
    }

    /** Which upload's body it is. */
    public static Parts partsOf(int key, byte[] body) {
        TreeSet<String> found = new TreeSet<>();
        int first = FOREIGN;
        for (int at = 0; at < body.length; at += LINE_BYTES) {
            String line = new String(body, at, Math.min(LINE_BYTES, body.length - at), StandardCharsets.US_ASCII);
            boolean ours = line.length() >= 26 && line.startsWith("key ") && line.startsWith(" upload ", 11);
            if (ours) {
                int upload = number(line, 19, 26);
                found.add(number(line, 4, 11) == key ? "upload " + upload : "another key");
                first = first == FOREIGN ? upload : first;
            }
        }
        if (first > 0 && first <= MOST && Arrays.equals(new Content(key, first).body(), body)) {
            return new Parts(first, "");
        }
        String words = found.isEmpty()
                ? body.length + " bytes of no upload"
                : found.size() == 1
                        ? body.length + " bytes of " + found.first() + ", which is longer or shorter"
                        : "bytes of " + String.join(" and ", found);
        return new Parts(FOREIGN, words);
    }

    private static int number(String text, int from, int to) {
        try {
            int number = Integer.parseInt(text, from, to, 10);
            return number >= 0 ? number : FOREIGN;
        } catch (NumberFormatException noNumber) {
            return FOREIGN;
        }
    }
}
