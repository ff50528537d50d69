package io.linchpin.http.sigv4;

import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/** One signature: 32 bytes. It has no equals; {@link #matches} takes the same time wherever two differ. */
public final class Signature {
    private static final Signature NONE = new Signature(new byte[0]);

    private final byte[] bytes;

    Signature(byte[] bytes) {
        this.bytes = bytes;
    }

    /** The signature of 64 lower-case hex digits; nothing where the text is anything else. */
    public static Optional<Signature> parse(String hex) {
        return Sha256.isLowerHex(hex) ? Optional.of(new Signature(HexFormat.of().parseHex(hex))) : Optional.empty();
    }

    /** What a client takes to be the signature, whatever the text: one that is none matches nothing. */
    public static Signature claimed(String hex) {
        return parse(hex).orElse(NONE);
    }

    public boolean matches(Signature other) {
        return MessageDigest.isEqual(bytes, other.bytes);
    }

    /** For the next string to sign. */
    String hex() {
        return HexFormat.of().formatHex(bytes);
    }

    /** A computed signature would let a reader of logs pose as the client. */
    @Override
    public String toString() {
        return "Signature(hidden)";
    }
}
