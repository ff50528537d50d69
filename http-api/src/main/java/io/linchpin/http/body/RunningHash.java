package io.linchpin.http.body;

import io.linchpin.store.checksum.Crc64Nvme;
import io.linchpin.store.checksum.PartChecksums;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;

/** A running hash, whether the JDK calls it a digest or a checksum. */
sealed interface RunningHash {
    /** Takes the bytes between position and limit; moves the position. */
    void update(ByteBuffer data);

    /** The result, most significant byte first. Ends this hash. */
    byte[] result();

    /** A digest of the JDK. */
    record Digest(MessageDigest digest) implements RunningHash {
        @Override
        public void update(ByteBuffer data) {
            digest.update(data);
        }

        @Override
        public byte[] result() {
            return digest.digest();
        }
    }

    /** A CRC. */
    record Crc(java.util.zip.Checksum crc, int bytes) implements RunningHash {
        @Override
        public void update(ByteBuffer data) {
            crc.update(data);
        }

        @Override
        public byte[] result() {
            return PartChecksums.toBytes(crc.getValue(), bytes);
        }
    }

    static RunningHash of(ChecksumAlgorithm algorithm) {
        return switch (algorithm) {
            case CRC32 -> new Crc(new CRC32(), algorithm.bytes());
            case CRC32C -> new Crc(new CRC32C(), algorithm.bytes());
            case CRC64NVME -> new Crc(new Crc64Nvme(), algorithm.bytes());
            case SHA1 -> new Digest(messageDigest("SHA-1"));
            case SHA256 -> new Digest(messageDigest("SHA-256"));
        };
    }

    static RunningHash md5() {
        return new Digest(messageDigest("MD5"));
    }

    static MessageDigest messageDigest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has " + name, e);
        }
    }
}
