package io.linchpin.it.harness;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * One upload: body, type and metadata all tell its number, so that any answer that pairs two of them is seen.
 *
 * @param number distinct within a test
 */
public record Upload(long number) {
    /** Sizes on both sides of what a journal record holds inline. */
    private static final int[] SIZES = {64, 3_000, 20_000, 65_536, 70_000, 150_000};

    public byte[] body() {
        int size = SIZES[(int) (number % SIZES.length)];
        String line = "upload " + number + "\n";
        return line.repeat(size / line.length() + 1).getBytes(StandardCharsets.US_ASCII);
    }

    public String[] headers() {
        return new String[] {"x-amz-meta-upload", Long.toString(number), "content-type", "test/u" + number};
    }

    /** Which upload an answer is; fails where it is a mixture of several. */
    public static Upload of(Http.Answer answer) {
        String text = new String(answer.body(), StandardCharsets.US_ASCII);
        int end = text.indexOf('\n');
        if (!text.startsWith("upload ") || end < 0) {
            throw new AssertionError("no upload's body: " + answer);
        }
        Upload upload = new Upload(Long.parseLong(text.substring("upload ".length(), end)));
        boolean whole = new String(upload.body(), StandardCharsets.US_ASCII).equals(text)
                && answer.etag().equals(md5(answer.body()))
                && answer.header("x-amz-meta-upload").equals(Long.toString(upload.number))
                && answer.header("content-type").equals("test/u" + upload.number);
        if (!whole) {
            throw new AssertionError("a mixture: body of " + upload + ", " + answer);
        }
        return upload;
    }

    public static String md5(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
