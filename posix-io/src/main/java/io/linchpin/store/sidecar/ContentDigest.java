package io.linchpin.store.sidecar;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.ETag;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The ETag that a file's bytes have: the MD5, or the MD5 of the parts' MD5s. */
public final class ContentDigest {
    private static final Pattern FROM_CONTENT = Pattern.compile("[0-9a-f]{32}(-[0-9]{1,5})?");
    private static final int BUFFER_BYTES = 256 << 10;

    private ContentDigest() {}

    /** Whether the sidecar's ETag is one that can be had from the bytes. */
    public static boolean isComparable(Sidecar sidecar) {
        String etag = sidecar.etag().value();
        return FROM_CONTENT.matcher(etag).matches()
                && etag.contains("-") != sidecar.parts().isEmpty();
    }

    /** The ETag of the file, cut into parts as the sidecar has them. */
    public static ETag of(Fd file, Sidecar sidecar) throws PosixException {
        if (sidecar.parts().isEmpty()) {
            return new ETag(HexFormat.of().formatHex(md5(file, 0, sidecar.size())));
        }
        MessageDigest all = newMd5();
        long at = 0;
        for (Sidecar.Part part : sidecar.parts()) {
            all.update(md5(file, at, part.size()));
            at += part.size();
        }
        return new ETag(
                HexFormat.of().formatHex(all.digest()) + "-" + sidecar.parts().size());
    }

    private static byte[] md5(Fd file, long offset, long length) throws PosixException {
        MessageDigest md5 = newMd5();
        ByteBuffer buffer = ByteBuffer.allocate(BUFFER_BYTES);
        for (long done = 0; done < length; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
            long read = FileIo.readFully(file, buffer, offset + done);
            if (read == 0) {
                break;
            }
            md5.update(buffer.flip());
            done += read;
        }
        return md5.digest();
    }

    private static MessageDigest newMd5() {
        try {
            return MessageDigest.getInstance("MD5");
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has MD5", e);
        }
    }
}
