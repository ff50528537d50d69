package io.linchpin.http.sigv4;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** The secret half of a key pair. Nothing shows it: neither toString nor a comparison whose time depends on it. */
public final class SecretKey {
    private final byte[] utf8;

    private SecretKey(byte[] utf8) {
        this.utf8 = utf8;
    }

    /**
     * The secret of that text.
     *
     * @throws IllegalArgumentException where it is empty
     */
    public static SecretKey of(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("an empty secret key");
        }
        return new SecretKey(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The start of the derivation of signing keys: {@code AWS4} and the secret. */
    byte[] derivationStart() {
        byte[] start = new byte[4 + utf8.length];
        start[0] = 'A';
        start[1] = 'W';
        start[2] = 'S';
        start[3] = '4';
        System.arraycopy(utf8, 0, start, 4, utf8.length);
        return start;
    }

    boolean isSameAs(SecretKey other) {
        return MessageDigest.isEqual(utf8, other.utf8);
    }

    @Override
    public String toString() {
        return "SecretKey(hidden)";
    }
}
