package io.linchpin.store.layout;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The names below the root's {@code .linchpin} directory: relative paths, every one made here and nowhere else. */
public final class Names {
    /** Linchpin's own directory, beside the buckets. */
    public static final String HOME = ".linchpin";

    public static final String FORMAT = HOME + "/format.json";
    public static final String STAGING = HOME + "/staging";
    public static final String ODD = HOME + "/odd";
    public static final String VERSIONS = HOME + "/versions";
    public static final String SIDECARS = HOME + "/sidecars";
    public static final String UPLOADS = HOME + "/uploads";
    public static final String JOURNAL = HOME + "/journal";
    public static final String SHARDS = HOME + "/shards";
    public static final String NODES = HOME + "/nodes";
    /** Its lock: without it no life of a node begins. */
    public static final String FORMATION = NODES + "/formation";

    public static final String DISPLACED = HOME + "/displaced";
    public static final String BUCKETS = HOME + "/buckets";
    public static final String USERS = HOME + "/users";

    /** Logs of nodes that a supervisor started. */
    public static final String LOG = HOME + "/log";

    /** The lock of the supervisor. */
    public static final String SUPERVISOR = HOME + "/supervisor";

    private static final ThreadLocal<MessageDigest> SHA256 = ThreadLocal.withInitial(() -> {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has SHA-256", e);
        }
    });

    private Names() {}

    public static String staging(Incarnation incarnation) {
        return STAGING + "/" + incarnation;
    }

    /** The staged data of an upload, within its incarnation's staging directory. Never the target of an exchange. */
    public static String stagedData(UploadId upload) {
        return upload + ".data";
    }

    /** The staged sidecar of an upload, within its incarnation's staging directory. */
    public static String stagedSidecar(UploadId upload) {
        return upload + ".meta";
    }

    public static String journal(Incarnation incarnation) {
        return JOURNAL + "/" + incarnation;
    }

    public static String shard(int shard) {
        return SHARDS + String.format("/%03d", shard);
    }

    /** {@code odd/<bucket>}: below it, the objects whose keys have no natural path, or could not take it. */
    public static String odd(BucketName bucket) {
        return ODD + "/" + bucket;
    }

    /** Locks of buckets, in {@link #BUCKETS}: no bucket's name begins with a dot. */
    public static final String BUCKETS_LOCK = ".lock";

    /** How the names begin, in {@link #BUCKETS}, under which a node writes states before they are renamed: no bucket's does. */
    public static String unfinishedBucketState(Incarnation by) {
        return "." + by + ".";
    }

    /** The state file of a bucket. */
    public static String bucketState(BucketName bucket) {
        return BUCKETS + "/" + bucket;
    }

    public static String versions(BucketName bucket) {
        return VERSIONS + "/" + bucket;
    }

    public static String uploads(BucketName bucket) {
        return UPLOADS + "/" + bucket;
    }

    public static String sidecars(BucketName bucket) {
        return SIDECARS + "/" + bucket;
    }

    /** SHA-256 of the key's bytes, in hex. */
    public static String keyHash(ObjectId object) {
        MessageDigest md = SHA256.get();
        return HexFormat.of().formatHex(md.digest(object.key().value().getBytes(StandardCharsets.UTF_8)));
    }

    /** {@code sidecars/<bucket>/ab}: the directory of a key's sidecars. */
    public static String sidecarDirectory(BucketName bucket, String keyHash) {
        return SIDECARS + "/" + bucket + "/" + keyHash.substring(0, 2);
    }

    /** {@code <sha>.<stamp>}: a sidecar within its directory. */
    public static String sidecarLeaf(String keyHash, Stamp stamp) {
        return keyHash + "." + stamp.hex();
    }

    /** The whole path of one version's sidecar. */
    public static String sidecar(ObjectId object, Stamp stamp) {
        String hash = keyHash(object);
        return sidecarDirectory(object.bucket(), hash) + "/" + sidecarLeaf(hash, stamp);
    }
}
