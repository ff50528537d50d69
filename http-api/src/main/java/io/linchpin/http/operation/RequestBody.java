package io.linchpin.http.operation;

import io.linchpin.http.body.BodyDigests;
import io.linchpin.http.body.BodyExpectations;
import io.linchpin.store.value.ChecksumAlgorithm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The body of a request, decoded; read at most once. */
public interface RequestBody {
    /** Where decoded bytes go. Called by one thread at a time, on threads that may block. */
    @FunctionalInterface
    interface ByteSink {
        /** Takes the next bytes, which are valid during the call only. */
        void write(ByteBuffer bytes) throws IOException;
    }

    /** Bytes that the head announces, after decoding; nothing where it announces no length. */
    Optional<Long> declaredBytes();

    /**
     * Moves all of it into the sink, in constant memory, and checks it at the end against what the head and the trailer
     * promised. The stage fails with an S3Exception where a promise is broken or the body ends early, with the sink's
     * IOException where that throws. What the sink has got is good only when the stage has succeeded.
     *
     * @param fallback the checksum to compute where the client chose none
     */
    CompletionStage<BodyDigests.Result.Good> transfer(
            BodyExpectations expectations, Optional<ChecksumAlgorithm> fallback, ByteSink sink);

    /**
     * All of it, checked likewise; for documents.
     *
     * @param maxBytes more than that is MaxMessageLengthExceeded
     */
    CompletionStage<byte[]> collect(int maxBytes);

    /** All of it, checked against those expectations instead of the head's. */
    CompletionStage<byte[]> collect(int maxBytes, BodyExpectations expectations);
}
