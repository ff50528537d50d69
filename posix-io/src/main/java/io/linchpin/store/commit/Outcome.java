package io.linchpin.store.commit;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Stamp;
import java.time.Instant;

/**
 * What became of a mutation. Each is told only when everything it was judged against is durable and in place. It crosses
 * nodes (Jackson CBOR).
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Outcome.Committed.class, name = "committed"),
    @JsonSubTypes.Type(value = Outcome.Deleted.class, name = "deleted"),
    @JsonSubTypes.Type(value = Outcome.PreconditionFailed.class, name = "precondition"),
    @JsonSubTypes.Type(value = Outcome.NoSuchKey.class, name = "nosuchkey"),
    @JsonSubTypes.Type(value = Outcome.NoSuchBucket.class, name = "nosuchbucket"),
    @JsonSubTypes.Type(value = Outcome.Busy.class, name = "busy"),
    @JsonSubTypes.Type(value = Outcome.Failed.class, name = "failed"),
    @JsonSubTypes.Type(value = Outcome.Unknown.class, name = "unknown")
})
public sealed interface Outcome {
    /** The object is this version now (or was, and a later mutation has already replaced it). */
    record Committed(Stamp stamp, ETag etag, Instant lastModified) implements Outcome {}

    /** There is no object now. */
    record Deleted(boolean existed) implements Outcome {}

    /** A condition did not hold: 412. */
    record PreconditionFailed(String condition) implements Outcome {}

    /** If-Match, or a metadata change, met no object: 404. */
    record NoSuchKey() implements Outcome {}

    /** The bucket is gone, closing, or another one of the same name: 404. */
    record NoSuchBucket() implements Outcome {}

    /** Certainly not applied, and may be sent again: 503 SlowDown. */
    record Busy(Wait until, String why) implements Outcome {}

    /** What a mutation that found an owner busy would wait for. */
    enum Wait {
        /** The key's owner is moving, or its bucket is being deleted: that passes within seconds, so its sender tries again. */
        CHANGE,

        /** Queues are full: trying again at once makes it worse, so the client is told to. */
        LOAD,

        /** The mutation came after its deadline: no other try can do better. */
        NOTHING
    }

    /** Certainly not applied: an operating fault before judging, or a voided mutation. The errno says which S3 error. */
    record Failed(int errno, String call) implements Outcome {}

    /** Applied or not, nobody can tell: the connection is closed without an answer. */
    record Unknown() implements Outcome {}
}
