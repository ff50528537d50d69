package io.linchpin.store.sidecar;

import io.linchpin.store.sidecar.CorruptSidecarException.Kind;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The sidecar's bytes: one JSON document in UTF-8, made to be read by a person, sealed by a checksum.
 *
 * <pre>{@code
 * {
 *   "version": 1,
 *   "bucket": "photos",
 *   "key": "2026/cat.jpg",
 *   "upload": "6f1d2c3b4a5968778695a4b3c2d1e0ff",
 *   "revision": 0,
 *   "size": 9437184,
 *   "etag": "9b2cf535f27731c974343645a3985328-2",
 *   "headers": {
 *     "content-type": "image/jpeg"
 *   },
 *   "userMetadata": {
 *     "camera": "X100"
 *   },
 *   "tags": {
 *     "year": "2026"
 *   },
 *   "checksums": {
 *     "crc32c": "yZRlqg==-2"
 *   },
 *   "checksumType": "COMPOSITE",
 *   "parts": [
 *     {"number": 1, "size": 8388608, "checksums": {"crc32c": "rthVZQ=="}},
 *     {"number": 2, "size": 1048576, "checksums": {"crc32c": "n1bUEg=="}}
 *   ],
 *   "lastModified": "2026-02-01T10:00:00Z",
 *   "crc32c": "8a91a6d4"
 * }
 * }</pre>
 *
 * <p><b>The checksum.</b> The document ends with exactly {@code ,\n  "crc32c": "<8 lower-case hex digits>"\n}\n}, where
 * {@code \n} is one line feed. The digits are the CRC32C (Castagnoli) of all bytes before that ending, from the first
 * brace to the last byte before the comma. The ending itself is compared byte by byte, so no single byte of a document
 * can change unnoticed. Every version of the format keeps this rule, and {@code version} the first field.
 *
 * <p><b>Fields.</b> Maps and lists that are empty are left out, as are {@code checksumType} and {@code lastModified} where
 * there is none. Maps are written in the order of their names, so that equal sidecars have equal bytes. Fields that are
 * not known are skipped: a later writer may add some without raising the version. A version other than {@value #VERSION}
 * is refused. A document has at most {@value #MAX_BYTES} bytes.
 */
public final class SidecarCodec {
    public static final int VERSION = 1;

    /** 4 MiB: 10,000 parts with two checksums each take less than half of it. */
    public static final int MAX_BYTES = 4 << 20;

    private static final byte[] BEFORE_DIGITS = ",\n  \"crc32c\": \"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] AFTER_DIGITS = "\"\n}\n".getBytes(StandardCharsets.US_ASCII);
    private static final int DIGITS = 8;
    private static final int ENDING = BEFORE_DIGITS.length + DIGITS + AFTER_DIGITS.length;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private SidecarCodec() {}

    /**
     * The document.
     *
     * @throws IllegalArgumentException for a sidecar that makes more than {@value #MAX_BYTES} bytes: its maker checks
     *     that before it comes here
     */
    public static byte[] encode(Sidecar sidecar) {
        byte[] open = SidecarWriter.write(sidecar, ENDING);
        int length = open.length - ENDING;
        if (open.length > MAX_BYTES) {
            throw new IllegalArgumentException("a sidecar of " + open.length + " bytes, over " + MAX_BYTES);
        }
        int crc = crc(open, length);
        System.arraycopy(BEFORE_DIGITS, 0, open, length, BEFORE_DIGITS.length);
        int at = length + BEFORE_DIGITS.length;
        for (int shift = 28; shift >= 0; shift -= 4) {
            open[at++] = HEX[(crc >>> shift) & 15];
        }
        System.arraycopy(AFTER_DIGITS, 0, open, at, AFTER_DIGITS.length);
        return open;
    }

    /** The sidecar that the document holds, every field checked. */
    public static Sidecar decode(byte[] document) throws CorruptSidecarException {
        if (document.length > MAX_BYTES) {
            throw new CorruptSidecarException(Kind.TOO_LONG, document.length + " bytes, over " + MAX_BYTES);
        }
        int length = document.length - ENDING;
        if (length < 1
                || !matches(document, length, BEFORE_DIGITS)
                || !matches(document, document.length - AFTER_DIGITS.length, AFTER_DIGITS)) {
            throw new CorruptSidecarException(Kind.FRAME, "does not end with its checksum");
        }
        int crc = crc(document, length);
        int at = length + BEFORE_DIGITS.length;
        for (int shift = 28; shift >= 0; shift -= 4) {
            if (document[at++] != HEX[(crc >>> shift) & 15]) {
                throw new CorruptSidecarException(Kind.CHECKSUM, "changed since it was written");
            }
        }
        return SidecarParser.parse(document);
    }

    private static int crc(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static boolean matches(byte[] bytes, int from, byte[] expected) {
        for (int i = 0; i < expected.length; i++) {
            if (bytes[from + i] != expected[i]) {
                return false;
            }
        }
        return true;
    }
}
