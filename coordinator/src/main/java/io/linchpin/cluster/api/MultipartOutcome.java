package io.linchpin.cluster.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.wire.WireMessage;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What became of an operation on a multipart upload. All but listings and an opened part cross nodes (Jackson CBOR). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = MultipartOutcome.Created.class, name = "created"),
    @JsonSubTypes.Type(value = MultipartOutcome.Stored.class, name = "stored"),
    @JsonSubTypes.Type(value = MultipartOutcome.Completed.class, name = "completed"),
    @JsonSubTypes.Type(value = MultipartOutcome.Aborted.class, name = "aborted"),
    @JsonSubTypes.Type(value = MultipartOutcome.NoSuchUpload.class, name = "nosuchupload"),
    @JsonSubTypes.Type(value = MultipartOutcome.NoSuchBucket.class, name = "nosuchbucket"),
    @JsonSubTypes.Type(value = MultipartOutcome.NoSuchKey.class, name = "nosuchkey"),
    @JsonSubTypes.Type(value = MultipartOutcome.InvalidPart.class, name = "invalidpart"),
    @JsonSubTypes.Type(value = MultipartOutcome.InvalidPartOrder.class, name = "partorder"),
    @JsonSubTypes.Type(value = MultipartOutcome.PartTooSmall.class, name = "toosmall"),
    @JsonSubTypes.Type(value = MultipartOutcome.ObjectTooLarge.class, name = "toolarge"),
    @JsonSubTypes.Type(value = MultipartOutcome.SizeMismatch.class, name = "size"),
    @JsonSubTypes.Type(value = MultipartOutcome.ChecksumMismatch.class, name = "checksum"),
    @JsonSubTypes.Type(value = MultipartOutcome.PreconditionFailed.class, name = "precondition"),
    @JsonSubTypes.Type(value = MultipartOutcome.Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = MultipartOutcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = MultipartOutcome.Unknown.class, name = "unknown")
})
public sealed interface MultipartOutcome extends WireMessage {
    sealed interface OfCreate extends MultipartOutcome {}

    sealed interface OfOpen extends MultipartOutcome {}

    sealed interface OfPart extends MultipartOutcome {}

    sealed interface OfComplete extends MultipartOutcome {}

    sealed interface OfAbort extends MultipartOutcome {}

    sealed interface OfListParts extends MultipartOutcome {}

    sealed interface OfListUploads extends MultipartOutcome {}

    /** The upload has begun, durably. */
    record Created(UploadId upload) implements OfCreate {}

    /**
     * A part may be written.
     *
     * @param algorithm what the upload was begun with, or null
     */
    record Opened(
            PartUpload part,
            @Nullable ChecksumAlgorithm algorithm,
            @Nullable ChecksumType type) implements OfOpen {}

    /** The part is stored, durably. */
    record Stored(ETag etag, @Nullable Checksum checksum, Instant lastModified) implements OfPart {}

    /** The object is there (or was, and a later mutation has already replaced it). */
    record Completed(ETag etag, @Nullable Checksum checksum, long sizeBytes) implements OfComplete {}

    record Aborted() implements OfAbort {}

    /** One page of parts. */
    record Parts(
            List<PartView> parts,
            boolean truncated,
            @Nullable ChecksumAlgorithm algorithm,
            @Nullable ChecksumType type) implements OfListParts {}

    /** A part as a listing shows it. */
    record PartView(
            int number, long sizeBytes, ETag etag, @Nullable Checksum checksum, Instant lastModified) {}

    /**
     * One page of uploads.
     *
     * @param nextKeyMarker, nextUploadIdMarker where the next page begins; empty where this one is the last
     */
    record Uploads(
            List<UploadView> uploads,
            List<String> commonPrefixes,
            boolean truncated,
            String nextKeyMarker,
            String nextUploadIdMarker)
            implements OfListUploads {}

    /** An upload as a listing shows it. */
    record UploadView(
            ObjectKey key,
            UploadId upload,
            Instant initiated,
            @Nullable ChecksumAlgorithm algorithm,
            @Nullable ChecksumType type) {}

    record NoSuchUpload() implements OfOpen, OfPart, OfComplete, OfAbort, OfListParts {}

    record NoSuchBucket() implements OfCreate, OfComplete {}

    /** If-Match met no object: 404. */
    record NoSuchKey() implements OfComplete {}

    /** A listed part was never stored, or under another ETag or checksum. */
    record InvalidPart(int number, ETag etag) implements OfComplete {}

    /** The list is not strictly ascending. */
    record InvalidPartOrder() implements OfComplete {}

    /** A part that is not the last is under {@link Multipart#MIN_PART_BYTES}: EntityTooSmall. */
    record PartTooSmall(int number, ETag etag, long sizeBytes) implements OfComplete {}

    /** The parts together are beyond what an object, or a file of this store, may have: EntityTooLarge. */
    record ObjectTooLarge(long sizeBytes) implements OfComplete {}

    /** The parts together are not the size that was demanded: InvalidRequest. */
    record SizeMismatch(long sizeBytes) implements OfComplete {}

    /** The object's checksum is not the one that was demanded: BadDigest. Null where it has none of that kind. */
    record ChecksumMismatch(@Nullable Checksum actual) implements OfComplete {}

    /** A condition did not hold: 412. The upload is open again. */
    record PreconditionFailed(String condition) implements OfComplete {}

    /** Certainly not done, and may be asked again: 503. */
    record Busy(String why) implements OfCreate, OfOpen, OfPart, OfComplete, OfAbort, OfListParts, OfListUploads {}

    /** Certainly not done, for an operating fault. */
    record Failed(int errno, String call)
            implements OfCreate, OfOpen, OfPart, OfComplete, OfAbort, OfListParts, OfListUploads {}

    /** Done or not, nobody can tell. */
    record Unknown() implements OfCreate, OfPart, OfComplete, OfAbort {}
}
