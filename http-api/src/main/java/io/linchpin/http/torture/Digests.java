package io.linchpin.http.torture;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/** ETags as S3 makes them where nothing is encrypted. */
final class Digests {
    private Digests() {}

    static String etag(byte[] body) {
        return HexFormat.of().formatHex(md5(body));
    }

    /** Of an upload whose only part is that body. */
    static String etagOfOnePart(byte[] body) {
        return HexFormat.of().formatHex(md5(md5(body))) + "-1";
    }

    private static byte[] md5(byte[] bytes) {
        try {
            return MessageDigest.getInstance("MD5").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has MD5", e);
        }
    }
}
