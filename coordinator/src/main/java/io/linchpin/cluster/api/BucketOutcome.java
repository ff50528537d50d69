package io.linchpin.cluster.api;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.cluster.wire.WireMessage;

/** What became of a change of a bucket. It crosses nodes (Jackson CBOR). */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = BucketOutcome.Created.class, name = "created"),
    @JsonSubTypes.Type(value = BucketOutcome.AlreadyExists.class, name = "exists"),
    @JsonSubTypes.Type(value = BucketOutcome.Removed.class, name = "removed"),
    @JsonSubTypes.Type(value = BucketOutcome.NotEmpty.class, name = "notempty"),
    @JsonSubTypes.Type(value = BucketOutcome.NoSuchBucket.class, name = "nosuchbucket"),
    @JsonSubTypes.Type(value = BucketOutcome.Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = BucketOutcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = BucketOutcome.Unknown.class, name = "unknown")
})
public sealed interface BucketOutcome extends WireMessage {
    /** What CreateBucket may come to. */
    sealed interface OfCreate extends BucketOutcome {}

    /** What DeleteBucket may come to. */
    sealed interface OfDelete extends BucketOutcome {}

    /** The bucket is there, and durable. */
    record Created(long generation) implements OfCreate {}

    /** There was one of that name already: BucketAlreadyOwnedByYou. */
    record AlreadyExists(String region) implements OfCreate {}

    /** The bucket is gone, durably. */
    record Removed() implements OfDelete {}

    /** Something is in it, put there by whomever: it is open again. */
    record NotEmpty() implements OfDelete {}

    record NoSuchBucket() implements OfDelete {}

    /** Certainly not done, and may be asked again: 503. */
    record Busy(String why) implements OfCreate, OfDelete {}

    /** Certainly not done, for an operating fault. */
    record Failed(int errno, String call) implements OfCreate, OfDelete {}

    /** Done or not, nobody can tell. */
    record Unknown() implements OfCreate, OfDelete {}
}
