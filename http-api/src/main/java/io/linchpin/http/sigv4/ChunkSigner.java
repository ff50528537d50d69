package io.linchpin.http.sigv4;

import java.util.HexFormat;
import javax.crypto.spec.SecretKeySpec;

/** Computes the signatures of an aws-chunked body, each from the one before; the first from that of the head. */
public final class ChunkSigner {
    private final SecretKeySpec key;
    private final String middle;
    private final Signature seed;

    ChunkSigner(SecretKeySpec key, AmzDate date, CredentialScope scope, Signature seed) {
        this.key = key;
        this.middle = '\n' + date.text() + '\n' + scope.text() + '\n';
        this.seed = seed;
    }

    /** The signature of the request's head. */
    public Signature seed() {
        return seed;
    }

    /** The signature of a chunk whose data has that SHA-256. */
    public Signature chunk(Signature previous, byte[] sha256) {
        return sign("AWS4-HMAC-SHA256-PAYLOAD" + middle + previous.hex() + '\n' + Sha256.EMPTY_HEX + '\n', sha256);
    }

    /** The signature of a trailer whose lines, {@code name:value\n}, have that SHA-256. */
    public Signature trailer(Signature previous, byte[] sha256) {
        return sign("AWS4-HMAC-SHA256-TRAILER" + middle + previous.hex() + '\n', sha256);
    }

    private Signature sign(String start, byte[] sha256) {
        return new Signature(Sha256.hmac(key, start + HexFormat.of().formatHex(sha256)));
    }

    @Override
    public String toString() {
        return "ChunkSigner(hidden)";
    }
}
