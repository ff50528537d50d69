package io.linchpin.cluster.api;

import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Multipart uploads. No stage here ever fails: faults are outcomes. */
public interface Multipart {
    /** S3's least size of every part but the last, in bytes. */
    long MIN_PART_BYTES = 5L << 20;

    /** S3's greatest size of a part, in bytes. */
    long MAX_PART_BYTES = 5L << 30;

    /** Begins an upload, durably. */
    CompletionStage<MultipartOutcome.OfCreate> create(NewUpload upload);

    /**
     * Opens the place of one part.
     *
     * @param sizeBytes how many bytes will be written, 0 to {@link #MAX_PART_BYTES}: exactly
     */
    CompletionStage<MultipartOutcome.OfOpen> openPart(
            ObjectId object, UploadId upload, PartNumber part, long sizeBytes);

    /** Makes the object of the listed parts. Repeats of it within a day get the same answer. */
    CompletionStage<MultipartOutcome.OfComplete> complete(Completion completion);

    /** Ends an upload and frees its space. */
    CompletionStage<MultipartOutcome.OfAbort> abort(ObjectId object, UploadId upload);

    /**
     * The parts of an upload, by number.
     *
     * @param afterPartNumber 0 for the first page
     * @param maxParts 1 to 1000
     */
    CompletionStage<MultipartOutcome.OfListParts> listParts(
            ObjectId object, UploadId upload, int afterPartNumber, int maxParts);

    /** The uploads in progress of a bucket, by key and then by age. An unknown bucket has none. */
    CompletionStage<MultipartOutcome.OfListUploads> listUploads(UploadQuery query);

    /**
     * What CreateMultipartUpload says.
     *
     * @param headers, userMetadata, tags as in a sidecar: names in lower case
     * @param algorithm of the parts' checksums and the object's, or null: the object gets a CRC64NVME then where all its
     *     parts have one
     * @param type null where {@code algorithm} is null
     */
    record NewUpload(
            ObjectId object,
            Map<String, String> headers,
            Map<String, String> userMetadata,
            Map<String, String> tags,
            @Nullable ChecksumAlgorithm algorithm,
            @Nullable ChecksumType type) {
        public NewUpload {
            headers = Map.copyOf(headers);
            userMetadata = Map.copyOf(userMetadata);
            tags = Map.copyOf(tags);
        }
    }

    /** A part as CompleteMultipartUpload names it; the checksum where it gives one. */
    record ListedPart(
            PartNumber number, ETag etag, @Nullable Checksum checksum) {}

    /**
     * What CompleteMultipartUpload says.
     *
     * @param objectSizeBytes what {@code x-amz-mp-object-size} demands, or null
     * @param checksum what the client takes the object's checksum to be, or null
     */
    record Completion(
            ObjectId object,
            UploadId upload,
            List<ListedPart> parts,
            Preconditions preconditions,
            @Nullable Long objectSizeBytes,
            @Nullable Checksum checksum) {
        public Completion {
            parts = List.copyOf(parts);
        }
    }

    /**
     * A page of uploads.
     *
     * @param prefix of the keys, or empty
     * @param delimiter or empty
     * @param keyMarker uploads of greater keys only, or empty
     * @param uploadIdMarker with a key marker: of that very key, also the uploads after this one; or empty
     * @param maxUploads 1 to 1000, common prefixes counted
     */
    record UploadQuery(
            BucketName bucket,
            String prefix,
            String delimiter,
            String keyMarker,
            String uploadIdMarker,
            int maxUploads) {}
}
