package io.linchpin.store.sidecar;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.sidecar.CorruptSidecarException.Kind;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class SidecarCodecTest {
    private static final UploadId UPLOAD = new UploadId("6f1d2c3b4a5968778695a4b3c2d1e0ff");

    private static final Sidecar EXAMPLE = new Sidecar(
            Sidecars.object("photos", "2026/cat.jpg"),
            UPLOAD,
            0,
            9437184,
            new ETag("9b2cf535f27731c974343645a3985328-2"),
            Map.of("content-type", "image/jpeg"),
            Map.of("camera", "X100"),
            Map.of("year", "2026"),
            Map.of("crc32c", "yZRlqg==-2"),
            "COMPOSITE",
            List.of(
                    new Sidecar.Part(1, 8388608, Map.of("crc32c", "rthVZQ==")),
                    new Sidecar.Part(2, 1048576, Map.of("crc32c", "n1bUEg=="))),
            Instant.parse("2026-02-01T10:00:00Z"));

    private static final String EXAMPLE_BODY = """
            {
              "version": 1,
              "bucket": "photos",
              "key": "2026/cat.jpg",
              "upload": "6f1d2c3b4a5968778695a4b3c2d1e0ff",
              "revision": 0,
              "size": 9437184,
              "etag": "9b2cf535f27731c974343645a3985328-2",
              "headers": {
                "content-type": "image/jpeg"
              },
              "userMetadata": {
                "camera": "X100"
              },
              "tags": {
                "year": "2026"
              },
              "checksums": {
                "crc32c": "yZRlqg==-2"
              },
              "checksumType": "COMPOSITE",
              "parts": [
                {"number": 1, "size": 8388608, "checksums": {"crc32c": "rthVZQ=="}},
                {"number": 2, "size": 1048576, "checksums": {"crc32c": "n1bUEg=="}}
              ],
              "lastModified": "2026-02-01T10:00:00Z"\
            """;

    @Test
    void theDocumentIsTheOneThatIsDescribed() throws Exception {
        assertEquals(sealed(EXAMPLE_BODY), new String(SidecarCodec.encode(EXAMPLE), UTF_8));
        assertEquals(EXAMPLE, SidecarCodec.decode(sealed(EXAMPLE_BODY).getBytes(UTF_8)));
    }

    @Test
    void fieldsOfALaterWriterAreSkipped() throws Exception {
        String later = EXAMPLE_BODY + ",\n  \"colour\": {\"deep\": [1, {\"x\": null}]},\n  \"weight\": 1.5";
        assertEquals(EXAMPLE, SidecarCodec.decode(sealed(later).getBytes(UTF_8)));
    }

    @Test
    void aLaterVersionIsRefused() {
        assertKind(Kind.VERSION, sealed(EXAMPLE_BODY.replace("\"version\": 1", "\"version\": 2")));
    }

    @Test
    void fieldsThatMakeNoSenseAreRefused() {
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("\"version\": 1,", "")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("9437184", "-1")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("9437184", "9437184.5")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("9437184", "94371849437184943718494371849437184")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("\"photos\"", "\"P\"")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("6f1d", "6F1d")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("10:00:00Z", "soon")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("\"number\": 1", "\"nombre\": 1")));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY.replace("\"X100\"", "[]")));
        assertKind(Kind.CONTENT, sealed("{\n  \"version\": 1"));
        assertKind(Kind.CONTENT, sealed(EXAMPLE_BODY + "}{\"version\": 1"));
    }

    @Test
    void whatIsNoSidecarIsRefused() {
        assertKind(Kind.FRAME, "");
        assertKind(Kind.FRAME, "{}\n");
        assertKind(Kind.FRAME, sealed(EXAMPLE_BODY) + "\n");
        assertKind(Kind.CHECKSUM, sealed(EXAMPLE_BODY).replace("image/jpeg", "image/jpxg"));
        assertKind(Kind.TOO_LONG, " ".repeat(SidecarCodec.MAX_BYTES + 1));
    }

    @Test
    void aSidecarIsBounded() {
        Sidecar huge = EXAMPLE.withTags(Map.of("k", "x".repeat(SidecarCodec.MAX_BYTES)));
        assertThrows(IllegalArgumentException.class, () -> SidecarCodec.encode(huge));
    }

    @Test
    void tenThousandPartsFit() throws Exception {
        List<Sidecar.Part> parts = IntStream.rangeClosed(1, 10_000)
                .mapToObj(n ->
                        new Sidecar.Part(n, 5L << 30, Map.of("sha256", "x".repeat(44), "crc64nvme", "y".repeat(12))))
                .toList();
        Sidecar big = new Sidecar(
                EXAMPLE.object(),
                UPLOAD,
                0,
                10_000 * (5L << 30),
                EXAMPLE.etag(),
                Map.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                parts,
                null);
        byte[] document = SidecarCodec.encode(big);
        assertTrue(document.length < SidecarCodec.MAX_BYTES / 2, () -> document.length + " bytes");
        assertEquals(big, SidecarCodec.decode(document));
    }

    /** Builds the ending from the rule in the javadoc, apart from the codec. */
    private static String sealed(String body) {
        CRC32C crc = new CRC32C();
        crc.update(body.getBytes(UTF_8));
        return body + String.format(",\n  \"crc32c\": \"%08x\"\n}\n", crc.getValue());
    }

    private static void assertKind(Kind kind, String document) {
        CorruptSidecarException e =
                assertThrows(CorruptSidecarException.class, () -> SidecarCodec.decode(document.getBytes(UTF_8)));
        assertEquals(kind, e.kind(), e.getMessage());
    }
}
