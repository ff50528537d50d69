package io.linchpin.http.torture;

import io.linchpin.http.torture.s3.Answer;
import io.linchpin.http.torture.s3.Bucket;
import io.linchpin.http.torture.s3.Condition;
import io.linchpin.http.torture.s3.Content;
import io.linchpin.http.torture.s3.Seen;
import java.util.Optional;

/** Finds out, one request after the other, what the endpoint has: a race with what it does not have would prove nothing. */
final class Probe {
    /** Its keys are not raced on. */
    static final String PREFIX = "probe-";

    private static final String PLAIN = PREFIX + "plain";
    private static final String OTHER = PREFIX + "other";
    private static final String NO_SUCH_ETAG = "00000000000000000000000000000000";
    private static final int PRECONDITION_FAILED = 412;

    private final Bucket bucket;
    private final Features features;
    private int uploads;

    private Probe(Bucket bucket, Features features) {
        this.bucket = bucket;
        this.features = features;
    }

    /** Notes what there is. Where even the necessary is not there: what is wrong, in a sentence. */
    static Optional<String> run(Bucket bucket, Features features) throws InterruptedException {
        return new Probe(bucket, features).run();
    }

    private Content next() {
        return new Content(0, ++uploads);
    }

    private Optional<String> run() throws InterruptedException {
        Content first = next();
        Answer put = bucket.put(PLAIN, first, Condition.NONE, false);
        if (!put.isSuccess()) {
            return Optional.of("PUT was answered with " + put.words() + ".");
        }
        Answer get = bucket.get(PLAIN);
        Seen seen = Bucket.inGet(0, get);
        if (!get.isSuccess() || seen.body() != first.upload() || !seen.etag().equals(put.etag())) {
            return Optional.of("GET did not give back what PUT had stored: " + get.words() + ".");
        }
        if (seen.metadata() != first.upload()) {
            return Optional.of("User metadata (x-amz-meta-*) is not given back, so mixtures could not be told.");
        }
        Answer head = bucket.head(PLAIN);
        if (!head.isSuccess() || !Bucket.inHead(0, head).etag().equals(put.etag())) {
            return Optional.of("HEAD did not show what PUT had stored: " + head.words() + ".");
        }
        features.etagsAreDigests(put.etag().equals(Digests.etag(first.body())), false);
        create();
        swap();
        copy();
        multipart();
        list();
        tags();
        Answer delete = bucket.delete(PLAIN);
        int after = bucket.get(PLAIN).status();
        return delete.isSuccess() && after == 404
                ? Optional.empty()
                : Optional.of("DELETE was answered with " + delete.words() + ", and GET after it with " + after + ".");
    }

    /** A condition that does not hold must be refused with 412: a server that knows no conditions takes it. */
    private boolean refuses(Feature feature, Answer answer) {
        if (answer.status() == PRECONDITION_FAILED) {
            return true;
        }
        features.drop(
                feature, answer.isSuccess() ? "ignored: a write that it forbids was acknowledged" : answer.words());
        return false;
    }

    private void needs(Feature feature, Answer answer) {
        if (!answer.isSuccess()) {
            features.drop(feature, answer.words());
        }
    }

    private void create() throws InterruptedException {
        if (refuses(Feature.CREATE, bucket.put(PLAIN, next(), Condition.ABSENT, false))) {
            needs(Feature.CREATE, bucket.put(PREFIX + "new", next(), Condition.ABSENT, false));
        }
    }

    private void swap() throws InterruptedException {
        if (refuses(Feature.SWAP, bucket.put(PLAIN, next(), Condition.matches(NO_SUCH_ETAG), false))) {
            String etag = bucket.head(PLAIN).etag();
            needs(Feature.SWAP, bucket.put(PLAIN, next(), Condition.matches(etag), false));
        }
    }

    private void copy() throws InterruptedException {
        Content source = next();
        bucket.put(PLAIN, source, Condition.NONE, false);
        Answer copied = bucket.copy(PLAIN, OTHER);
        if (!copied.isSuccess()) {
            features.drop(Feature.COPY, copied.words());
            return;
        }
        Seen seen = Bucket.inGet(0, bucket.get(OTHER));
        if (seen.body() != source.upload() || seen.metadata() != source.upload()) {
            features.drop(Feature.COPY, "does not copy body and metadata");
        }
        boolean sameEtag = seen.etag().equals(Digests.etag(source.body()));
        features.etagsAreDigests(features.md5Etags() && sameEtag, false);
    }

    private void multipart() throws InterruptedException {
        Content content = next();
        Answer begun = bucket.begin(OTHER, content, false);
        Optional<String> id = Bucket.uploadId(begun);
        Answer part = id.isPresent() ? bucket.part(OTHER, id.get(), content) : begun;
        Answer done = part.isSuccess() && id.isPresent()
                ? bucket.complete(OTHER, id.get(), part.etag(), Condition.NONE)
                : part;
        Answer get = bucket.get(OTHER);
        Seen seen = Bucket.inGet(0, get);
        String etag = done.etagIn("CompleteMultipartUploadResult");
        if (etag.isEmpty() || seen.body() != content.upload() || seen.metadata() != content.upload()) {
            features.drop(Feature.MULTIPART, done.isSuccess() ? "is not given back as it was sent" : done.words());
            features.drop(Feature.CREATE_BY_PARTS, "no multipart");
            return;
        }
        features.etagsAreDigests(features.md5Etags(), etag.equals(Digests.etagOfOnePart(content.body())));
        createByParts();
    }

    private void createByParts() throws InterruptedException {
        if (!features.has(Feature.CREATE)) {
            features.drop(Feature.CREATE_BY_PARTS, "no If-None-Match");
            return;
        }
        Content content = next();
        String id = Bucket.uploadId(bucket.begin(OTHER, content, false)).orElse("");
        Answer part = bucket.part(OTHER, id, content);
        refuses(Feature.CREATE_BY_PARTS, bucket.complete(OTHER, id, part.etag(), Condition.ABSENT));
        bucket.abort(OTHER, id);
    }

    private void list() throws InterruptedException {
        String etag = bucket.head(PLAIN).etag();
        Answer list = bucket.list(PLAIN);
        boolean shown = Bucket.inList(PLAIN, list)
                .map(entry -> entry.found() && entry.etag().equals(etag))
                .orElse(false);
        if (!shown) {
            features.drop(Feature.LIST, list.isSuccess() ? "does not show the object's ETag" : list.words());
        }
    }

    private void tags() throws InterruptedException {
        Content content = next();
        Answer put = bucket.put(OTHER, content, Condition.NONE, true);
        if (!put.isSuccess()) {
            features.drop(Feature.TAGS, put.words());
            return;
        }
        Answer tags = bucket.tags(OTHER);
        boolean shown = Bucket.inTags(0, tags)
                .map(seen -> seen.metadata() == content.upload())
                .orElse(false);
        if (!shown) {
            features.drop(Feature.TAGS, tags.isSuccess() ? "not given back" : tags.words());
        }
    }
}
