package io.linchpin.cluster.shard;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The name of an owner. Its shard follows from it and from the store's number of shards by nothing but SHA-256, for the
 * store's whole life: no two nodes can disagree.
 *
 * @param name 32 hex digits of SHA-256 of {@code bucket/key}; a bucket's name; an upload's id; a shard's number
 */
public record OwnerId(OwnerKind kind, String name) {
    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,3}");

    public OwnerId {
        boolean valid = switch (kind) {
            case OBJECT, MULTIPART -> UploadId.isValid(name);
            case BUCKET -> BucketName.isValid(name);
            case SHARD -> NUMBER.matcher(name).matches();
        };
        if (!valid) {
            throw new IllegalArgumentException("not the name of an owner: " + kind + " " + name);
        }
    }

    public static OwnerId of(ObjectId object) {
        return new OwnerId(OwnerKind.OBJECT, HexFormat.of().formatHex(sha256(object.toString()), 0, 16));
    }

    public static OwnerId of(BucketName bucket) {
        return new OwnerId(OwnerKind.BUCKET, bucket.value());
    }

    public static OwnerId of(UploadId upload) {
        return new OwnerId(OwnerKind.MULTIPART, upload.hex());
    }

    public static OwnerId ofShard(int shard) {
        return new OwnerId(OwnerKind.SHARD, Integer.toString(shard));
    }

    public static Optional<OwnerId> parse(String entityId) {
        if (entityId.length() < 3 || entityId.charAt(1) != '-') {
            return Optional.empty();
        }
        for (OwnerKind kind : OwnerKind.values()) {
            if (kind.letter() == entityId.charAt(0)) {
                try {
                    return Optional.of(new OwnerId(kind, entityId.substring(2)));
                } catch (IllegalArgumentException e) {
                    return Optional.empty();
                }
            }
        }
        return Optional.empty();
    }

    public String entityId() {
        return kind.letter() + "-" + name;
    }

    /**
     * The shard that this owner lives in: the first 64 bits of SHA-256 modulo the number of shards. For an object the hash
     * is that of {@code bucket/key}, whose digits are its name already.
     *
     * @param shards the store's number of shards
     */
    public int shard(int shards) {
        return switch (kind) {
            case SHARD -> {
                int number = Integer.parseInt(name);
                if (number >= shards) {
                    throw new IllegalArgumentException("no shard " + number + " of " + shards);
                }
                yield number;
            }
            case OBJECT -> modulo(HexFormat.fromHexDigitsToLong(name, 0, 16), shards);
            case BUCKET, MULTIPART ->
                modulo(java.nio.ByteBuffer.wrap(sha256(name)).getLong(), shards);
        };
    }

    /** Whether there is such an owner in a store of so many shards: those that speak for a shard are as many. */
    boolean livesIn(int shards) {
        return kind != OwnerKind.SHARD || Integer.parseInt(name) < shards;
    }

    private static int modulo(long hash, int shards) {
        return (int) Long.remainderUnsigned(hash, shards);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return entityId();
    }
}
