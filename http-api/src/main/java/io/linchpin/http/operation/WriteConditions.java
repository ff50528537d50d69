package io.linchpin.http.operation;

import io.linchpin.http.wire.EntityTags;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.HttpDate;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The conditions of requests that write, for the key's owner to judge. */
final class WriteConditions {
    private WriteConditions() {}

    /**
     * If-Match and If-None-Match of a PUT, copy or complete.
     *
     * @throws S3Exception where one is malformed: a condition on a write is never ignored
     */
    static Preconditions ofPut(Exchange exchange) {
        refuseDates(exchange);
        Optional<EntityTags> match = tags(exchange, "if-match");
        Optional<EntityTags> noneMatch = tags(exchange, "if-none-match");
        if (match.isEmpty() && noneMatch.isEmpty()) {
            return Preconditions.NONE;
        }
        return new Preconditions(list(match), list(noneMatch), null, null);
    }

    /** If-Match and the two of its kind that DELETE has. */
    static Preconditions ofDelete(Exchange exchange) {
        refuseDates(exchange);
        if (exchange.header("if-none-match").isPresent()) {
            throw new S3Exception(ErrorCode.NotImplemented, "A DELETE cannot have If-None-Match.");
        }
        Optional<EntityTags> match = tags(exchange, "if-match");
        Optional<Instant> modified = exchange.header("x-amz-if-match-last-modified-time")
                .map(text -> HttpDate.parse(text).orElseThrow(() -> malformed("x-amz-if-match-last-modified-time")));
        Optional<Long> size = exchange.header("x-amz-if-match-size").map(text -> {
            long bytes = Numbers.nonNegative(text);
            if (bytes < 0) {
                throw malformed("x-amz-if-match-size");
            }
            return bytes;
        });
        if (match.isEmpty() && modified.isEmpty() && size.isEmpty()) {
            return Preconditions.NONE;
        }
        return new Preconditions(list(match), List.of(), modified.orElse(null), size.orElse(null));
    }

    /** S3 knows no conditions by date on writes; to ignore one would do what the client forbade. */
    private static void refuseDates(Exchange exchange) {
        for (String name : List.of("if-modified-since", "if-unmodified-since")) {
            if (exchange.header(name).isPresent()) {
                throw new S3Exception(ErrorCode.NotImplemented, "A write cannot have the condition " + name + ".");
            }
        }
    }

    private static Optional<EntityTags> tags(Exchange exchange, String name) {
        return exchange.header(name).map(text -> EntityTags.parse(text).orElseThrow(() -> malformed(name)));
    }

    private static List<ETag> list(Optional<EntityTags> tags) {
        return tags.map(t -> t.any() ? List.of(Preconditions.ANY) : t.tags()).orElse(List.of());
    }

    private static S3Exception malformed(String name) {
        return new S3Exception(ErrorCode.InvalidArgument, "The header " + name + " is malformed.");
    }
}
