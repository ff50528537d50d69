package io.linchpin.http.operation;

import io.linchpin.http.wire.EntityTags;
import io.linchpin.http.wire.HttpDate;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.Optional;

/**
 * The conditions of a read (GET, HEAD, or the source of a copy), with S3's precedence: If-Match that holds outweighs
 * If-Unmodified-Since, If-None-Match that is there outweighs If-Modified-Since. What is malformed counts as absent.
 */
record ReadConditions(
        Optional<EntityTags> match,
        Optional<EntityTags> noneMatch,
        Optional<Instant> modifiedSince,
        Optional<Instant> unmodifiedSince) {
    /** What the conditions come to. */
    enum Verdict {
        PROCEED,
        NOT_MODIFIED,
        FAILED
    }

    static ReadConditions ofRead(Exchange exchange) {
        return of(exchange, "");
    }

    /** The conditions on the source of a copy. */
    static ReadConditions ofCopySource(Exchange exchange) {
        return of(exchange, "x-amz-copy-source-");
    }

    private static ReadConditions of(Exchange exchange, String prefix) {
        return new ReadConditions(
                exchange.header(prefix + "if-match").flatMap(EntityTags::parse),
                exchange.header(prefix + "if-none-match").flatMap(EntityTags::parse),
                exchange.header(prefix + "if-modified-since").flatMap(HttpDate::parse),
                exchange.header(prefix + "if-unmodified-since").flatMap(HttpDate::parse));
    }

    Verdict judge(ETag etag, Instant lastModified) {
        Instant modified = HttpDate.toSecond(lastModified);
        if (match.isPresent()) {
            if (!match.get().matches(etag)) {
                return Verdict.FAILED;
            }
        } else if (unmodifiedSince.isPresent() && modified.isAfter(unmodifiedSince.get())) {
            return Verdict.FAILED;
        }
        if (noneMatch.isPresent()) {
            return noneMatch.get().matches(etag) ? Verdict.NOT_MODIFIED : Verdict.PROCEED;
        }
        return modifiedSince.isPresent() && !modified.isAfter(modifiedSince.get())
                ? Verdict.NOT_MODIFIED
                : Verdict.PROCEED;
    }
}
