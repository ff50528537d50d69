package io.linchpin.store.sidecar;

import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * Metadata of a foreign file: one that a person put in place, so that no sidecar belongs to it. All of it is derived from
 * what statx says, so it is never stale.
 */
public final class ForeignVersion {
    /** What S3 says of an object that was stored without a type. */
    public static final String CONTENT_TYPE = "binary/octet-stream";

    private static final UploadId NO_UPLOAD = UploadId.of(0, 0);

    private ForeignVersion() {}

    /**
     * The ETag is {@code f-<inode>-<mtime>-<size>} in hex: another file, or another content, is another tag, and no
     * client takes it for an MD5.
     */
    public static ETag etag(long inode, long mtimeNanos, long size) {
        HexFormat hex = HexFormat.of();
        return new ETag(
                "f-" + hex.toHexDigits(inode) + "-" + hex.toHexDigits(mtimeNanos) + "-" + hex.toHexDigits(size));
    }

    public static Sidecar describe(ObjectId object, long inode, long mtimeNanos, long size) {
        Instant modified = new Stamp(mtimeNanos).instant();
        return new Sidecar(
                object,
                NO_UPLOAD,
                0,
                size,
                etag(inode, mtimeNanos, size),
                Map.of("content-type", CONTENT_TYPE),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                List.of(),
                modified);
    }
}
