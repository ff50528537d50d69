package io.linchpin.http.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.listing.Bound;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Continuation tokens: one that is taken says what its own token says; all others are an S3Exception. */
public final class TokenFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return List.of(
                Paging.token(Bound.after("a/é")).getBytes(StandardCharsets.US_ASCII),
                Paging.token(Bound.afterPrefix("a/")).getBytes(StandardCharsets.US_ASCII),
                Paging.token(Bound.after("")).getBytes(StandardCharsets.US_ASCII),
                "cA==".getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean run(byte[] input) {
        String token = new String(input, StandardCharsets.UTF_8);
        try {
            Bound bound = Paging.openBound(token);
            assertEquals(bound, Paging.openBound(Paging.token(bound)));
            String last = Paging.openToken(Optional.of(token));
            assertEquals(last, Paging.openToken(Optional.of(Paging.token(last))));
            return true;
        } catch (S3Exception refused) {
            return false;
        }
    }
}
