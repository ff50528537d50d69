package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.Upload;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;

/**
 * A multipart upload of two parts, each step sent again until it is answered, as SDKs do.
 *
 * @param number distinct within a test; body and metadata tell it
 */
record TwoParts(long number) {
    private static final int PART_BYTES = 192 << 10;
    private static final int TRIES = 20;
    private static final int PAUSE_MILLIS = 300;
    /** What nodes must be started with, for parts as small as these. */
    static final String[] SETTINGS = {
        "linchpin.multipart.min-part-size = 64 KiB",
        "linchpin.multipart.min-stride = 64 KiB",
        "linchpin.multipart.stride-unit = 64 KiB"
    };

    byte[] part(int partNumber) {
        int size = partNumber == 1 ? PART_BYTES : PART_BYTES / 3;
        byte[] line = ("part " + partNumber + " of " + number + "\n").getBytes(StandardCharsets.US_ASCII);
        byte[] part = new byte[size];
        for (int i = 0; i < size; i++) {
            part[i] = line[i % line.length];
        }
        return part;
    }

    byte[] body() {
        byte[] first = part(1);
        byte[] second = part(2);
        byte[] whole = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, whole, first.length, second.length);
        return whole;
    }

    String etag() {
        String digests = Upload.md5(part(1)) + Upload.md5(part(2));
        return Upload.md5(HexFormat.of().parseHex(digests)) + "-2";
    }

    /** The upload's id; empty where none was had. */
    String begin(Http http, String target) {
        Map<String, String> headers =
                Map.of("x-amz-meta-upload", Long.toString(number), "content-type", "test/m" + number);
        Learned begun = Learned.of(200, () -> http.send("POST", target + "?uploads=", headers, new byte[0]));
        if (begun instanceof Learned.Accepted(Http.Answer answer)) {
            String text = answer.text();
            return text.substring(text.indexOf("<UploadId>") + 10, text.indexOf("</UploadId>"));
        }
        return "";
    }

    Learned send(Http http, String target, String id, int partNumber) throws InterruptedException {
        String to = target + "?partNumber=" + partNumber + "&uploadId=" + id;
        byte[] part = part(partNumber);
        Learned sent = again(() -> Learned.of(200, () -> http.put(to, part)));
        if (sent instanceof Learned.Accepted(Http.Answer answer)) {
            assertEquals(Upload.md5(part), answer.etag(), answer::toString);
        }
        return sent;
    }

    Learned complete(Http http, String target, String id) throws InterruptedException {
        String list = "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>" + Upload.md5(part(1))
                + "</ETag></Part><Part><PartNumber>2</PartNumber><ETag>" + Upload.md5(part(2))
                + "</ETag></Part></CompleteMultipartUpload>";
        byte[] body = list.getBytes(StandardCharsets.US_ASCII);
        Learned completed =
                again(() -> Learned.of(200, () -> http.send("POST", target + "?uploadId=" + id, Map.of(), body)));
        if (completed instanceof Learned.Accepted(Http.Answer answer)) {
            assertEquals(true, answer.text().contains(etag()), answer::toString);
        }
        return completed;
    }

    /** All of it. */
    Learned upload(Http http, String target) throws InterruptedException {
        String id = begin(http, target);
        if (id.isEmpty()) {
            return new Learned.Refused("not begun");
        }
        for (int partNumber = 1; partNumber <= 2; partNumber++) {
            if (!(send(http, target, id, partNumber) instanceof Learned.Accepted)) {
                return new Learned.Refused("not sent");
            }
        }
        return complete(http, target, id);
    }

    /** Whether an answer is this object, whole. */
    boolean is(Http.Answer answer) {
        return answer.status() == 200
                && Arrays.equals(answer.body(), body())
                && answer.etag().equals(etag())
                && answer.header("x-amz-meta-upload").equals(Long.toString(number))
                && answer.header("content-type").equals("test/m" + number);
    }

    private interface Step {
        Learned send();
    }

    /** Where one try's outcome is unknown and all that follow are refused, it stays unknown. */
    private static Learned again(Step step) throws InterruptedException {
        boolean unknown = false;
        Learned last = step.send();
        for (int i = 0; i < TRIES && !(last instanceof Learned.Accepted); i++) {
            unknown |= last instanceof Learned.Unknown;
            Thread.sleep(PAUSE_MILLIS);
            last = step.send();
        }
        return unknown && last instanceof Learned.Refused(String why) ? new Learned.Unknown(why) : last;
    }
}
