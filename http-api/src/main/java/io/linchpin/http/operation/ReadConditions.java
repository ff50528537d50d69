package io.linchpin.http.operation;

import io.linchpin.http.wire.EntityTags;
import io.linchpin.http.wire.HttpDate;
import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.Optional;

/**
 * The conditions of a read (GET, HEAD, or the source of a copy), with S3's precedence: If-Match that holds outweighs
 * If-Unmodified-Since, If-None-Match that is there outweighs If-Modified-Since. What is malformed counts as absent, and so
 * does an If-Modified-Since that is still to come.
 *
 * @param prefix what the names of their headers begin with
 */
record ReadConditions(
        String prefix,
        Optional<EntityTags> match,
        Optional<EntityTags> noneMatch,
        Optional<Instant> modifiedSince,
        Optional<Instant> unmodifiedSince) {
    /** What the conditions come to. A condition is told by the name of its header. */
    sealed interface Verdict {
        record Proceed() implements Verdict {}

        /** The client has this version already. */
        record NotModified(String condition) implements Verdict {}

        record Failed(String condition) implements Verdict {}
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
                prefix,
                exchange.header(prefix + "if-match").flatMap(EntityTags::parse),
                exchange.header(prefix + "if-none-match").flatMap(EntityTags::parse),
                exchange.header(prefix + "if-modified-since").flatMap(HttpDate::parse),
                exchange.header(prefix + "if-unmodified-since").flatMap(HttpDate::parse));
    }

    Verdict judge(ETag etag, Instant lastModified, Instant now) {
        Instant modified = HttpDate.toSecond(lastModified);
        if (match.isPresent()) {
            if (!match.get().matches(etag)) {
                return new Verdict.Failed(prefix + "If-Match");
            }
        } else if (unmodifiedSince.isPresent() && modified.isAfter(unmodifiedSince.get())) {
            return new Verdict.Failed(prefix + "If-Unmodified-Since");
        }
        if (noneMatch.isPresent()) {
            return noneMatch.get().matches(etag)
                    ? new Verdict.NotModified(prefix + "If-None-Match")
                    : new Verdict.Proceed();
        }
        Optional<Instant> since = modifiedSince.filter(date -> !date.isAfter(now));
        return since.isPresent() && !modified.isAfter(since.get())
                ? new Verdict.NotModified(prefix + "If-Modified-Since")
                : new Verdict.Proceed();
    }
}
