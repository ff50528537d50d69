package io.linchpin.store.commit;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.store.staging.OpenPair;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One mutation of one key, as its ingress hands it to the key's owner. Object bytes are never in it: they are staged.
 * It crosses nodes (Jackson CBOR).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Mutation.Put.class, name = "put"),
    @JsonSubTypes.Type(value = Mutation.Delete.class, name = "delete"),
    @JsonSubTypes.Type(value = Mutation.SetTags.class, name = "tags")
})
public sealed interface Mutation {
    /** Names this mutation for ever: a repeat of it is recognised by this id and never applied twice. */
    UploadId id();

    ObjectId object();

    Preconditions preconditions();

    /** The generation of the bucket that the ingress saw; another one at judging is NoSuchBucket. */
    long bucketGeneration();

    /** CLOCK_BOOTTIME in nanoseconds past which this is not to be judged any more (one host, one boot clock). */
    long deadlineBootNanos();

    /**
     * PUT, COPY and multipart complete: the staged pair {@code <id>.data} and {@code <id>.meta} of an incarnation becomes
     * the object. Sending this gives the pair away.
     *
     * @param stagedBy whose staging directory holds the pair
     * @param inode of the staged data
     * @param size bytes
     * @param durable whether data, sidecar and both names have been synced; if not, the owner takes the bytes into its
     *     journal, and they are at most 1 MiB
     * @param sidecar the staged sidecar's very bytes, or null where they are over 16 KiB and to be read from the pair
     * @param open what the ingress has open of the pair, for an owner in its process; never in a repeat, and left behind
     *     where the message crosses nodes
     */
    record Put(
            UploadId id,
            ObjectId object,
            Preconditions preconditions,
            long bucketGeneration,
            long deadlineBootNanos,
            Incarnation stagedBy,
            long inode,
            long size,
            boolean durable,
            ETag etag,
            byte @Nullable [] sidecar,
            @JsonIgnore @Nullable OpenPair open)
            implements Mutation {
        /** Of a pair of which nothing is open. */
        public Put(
                UploadId id,
                ObjectId object,
                Preconditions preconditions,
                long bucketGeneration,
                long deadlineBootNanos,
                Incarnation stagedBy,
                long inode,
                long size,
                boolean durable,
                ETag etag,
                byte @Nullable [] sidecar) {
            this(
                    id,
                    object,
                    preconditions,
                    bucketGeneration,
                    deadlineBootNanos,
                    stagedBy,
                    inode,
                    size,
                    durable,
                    etag,
                    sidecar,
                    null);
        }
    }

    /** DELETE of the object. Of an absent one: a no-op, acknowledged like any other. */
    record Delete(
            UploadId id, ObjectId object, Preconditions preconditions, long bucketGeneration, long deadlineBootNanos)
            implements Mutation {}

    /** A metadata-only change: replaces the tags, keeps bytes, stamp and ETag, and raises the sidecar's revision. */
    record SetTags(
            UploadId id,
            ObjectId object,
            Preconditions preconditions,
            long bucketGeneration,
            long deadlineBootNanos,
            Map<String, String> tags)
            implements Mutation {}
}
