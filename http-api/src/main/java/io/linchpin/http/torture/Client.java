package io.linchpin.http.torture;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import io.linchpin.http.torture.s3.Answer;
import io.linchpin.http.torture.s3.Bucket;
import io.linchpin.http.torture.s3.Condition;
import io.linchpin.http.torture.s3.Content;
import io.linchpin.http.torture.s3.Seen;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** One client: sends one request at a time and notes what it sees. */
final class Client {
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int NOT_IMPLEMENTED = 501;

    private final int number;
    private final Bucket bucket;
    private final Features features;
    private final Tally tally;
    private final LongSupplier clock;

    /**
     * Sends nothing yet.
     *
     * @param number from 1
     * @param clock nanoseconds since the run began
     */
    Client(int number, Bucket bucket, Features features, Tally tally, LongSupplier clock) {
        this.number = number;
        this.bucket = bucket;
        this.features = features;
        this.tally = tally;
        this.clock = clock;
    }

    /** A request, sent when it is asked for. */
    @FunctionalInterface
    private interface Request {
        Answer send() throws InterruptedException;
    }

    /** Does something that suits the key's theme; what the endpoint has not is replaced by what it has. */
    void step(KeyRun run, RandomGenerator random) throws InterruptedException {
        switch (run.theme().choose(random)) {
            case PUT -> put(run, Condition.NONE);
            case CREATE -> create(run);
            case SWAP -> swap(run);
            case COPY -> copy(run);
            case COMPLETE -> complete(run, Feature.MULTIPART, Condition.NONE);
            case CREATE_BY_PARTS -> complete(run, Feature.CREATE_BY_PARTS, Condition.ABSENT);
            case DELETE -> delete(run);
            case GET -> get(run, false);
            case HEAD -> head(run, false);
            case LIST -> list(run, false);
            case TAGS -> tags(run);
        }
    }

    /** Looks at a key on which nobody else is at work, and removes it. */
    void lookAtRest(KeyRun run) throws InterruptedException {
        get(run, true);
        head(run, true);
        list(run, true);
        bucket.delete(run.key());
    }

    private void put(KeyRun run, Condition condition) throws InterruptedException {
        Content content = new Content(run.index(), run.nextUpload());
        if (features.md5Etags()) {
            run.noteEtag(Digests.etag(content.body()), content.upload());
        }
        write(
                run,
                Call.PUT,
                condition,
                content.upload(),
                Answer::etag,
                () -> bucket.put(run.key(), content, condition, features.has(Feature.TAGS)));
    }

    private void create(KeyRun run) throws InterruptedException {
        put(run, features.has(Feature.CREATE) ? Condition.ABSENT : Condition.NONE);
    }

    /** By the entity tag that anybody saw last, so that many compare with the same one. */
    private void swap(KeyRun run) throws InterruptedException {
        String etag = run.lastEtag();
        if (etag.isEmpty()) {
            create(run);
        } else if (features.has(Feature.SWAP)) {
            put(run, Condition.matches(etag));
        } else {
            get(run, false);
        }
    }

    private void copy(KeyRun run) throws InterruptedException {
        if (!features.has(Feature.COPY)) {
            put(run, Condition.NONE);
            return;
        }
        String source = "source-" + number;
        Content content = new Content(run.index(), run.nextUpload());
        Answer put = bucket.put(source, content, Condition.NONE, features.has(Feature.TAGS));
        if (!put.isSuccess()) {
            tally.failure(Call.COPY, "its source: " + put.words());
            return;
        }
        run.noteEtag(features.md5Etags() ? Digests.etag(content.body()) : put.etag(), content.upload());
        write(
                run,
                Call.COPY,
                Condition.NONE,
                content.upload(),
                answer -> answer.etagIn("CopyObjectResult"),
                () -> bucket.copy(source, run.key()));
    }

    private void complete(KeyRun run, Feature feature, Condition condition) throws InterruptedException {
        if (!features.has(feature)) {
            put(run, features.has(Feature.CREATE) ? condition : Condition.NONE);
            return;
        }
        Content content = new Content(run.index(), run.nextUpload());
        Answer begun = bucket.begin(run.key(), content, features.has(Feature.TAGS));
        Optional<String> id = Bucket.uploadId(begun);
        Answer part = id.isPresent() ? bucket.part(run.key(), id.get(), content) : begun;
        if (id.isEmpty() || !part.isSuccess()) {
            tally.failure(Call.COMPLETE, "before it: " + part.words());
            return;
        }
        if (features.md5PartEtags()) {
            run.noteEtag(Digests.etagOfOnePart(content.body()), content.upload());
        }
        Optional<Outcome> outcome = write(
                run,
                Call.COMPLETE,
                condition,
                content.upload(),
                answer -> answer.etagIn("CompleteMultipartUploadResult"),
                () -> bucket.complete(run.key(), id.get(), part.etag(), condition));
        if (!outcome.equals(Optional.of(Outcome.DONE))) {
            bucket.abort(run.key(), id.get());
        }
    }

    private void delete(KeyRun run) throws InterruptedException {
        write(run, Call.DELETE, Condition.NONE, Operation.ABSENT, answer -> "", () -> bucket.delete(run.key()));
    }

    /** How the write ended; nothing where it was certainly not done, for a reason that says nothing of the key's state. */
    private Optional<Outcome> write(
            KeyRun run, Call call, Condition condition, int writes, Function<Answer, String> etagOf, Request request)
            throws InterruptedException {
        int operation = run.nextNumber();
        long from = clock.getAsLong();
        Answer answer = request.send();
        long to = clock.getAsLong();
        tally.call(call);
        String etag = etagOf.apply(answer);
        // These two may begin an answer with 200 before they know, and say in the document that they failed.
        boolean documented = call == Call.COPY || call == Call.COMPLETE;
        Optional<Outcome> outcome = outcome(call, condition, answer, documented && etag.isEmpty());
        if (outcome.isPresent()) {
            boolean done = outcome.get() == Outcome.DONE;
            boolean open = outcome.get() == Outcome.UNKNOWN;
            if (done) {
                run.noteEtag(etag, writes);
                run.sawEtag(etag);
            }
            boolean nothingThere = outcome.get() == Outcome.REFUSED && answer.status() == NOT_FOUND;
            Seen seen = nothingThere ? Seen.NOTHING : Sighting.UNSEEN;
            run.add(new Sighting(
                    operation,
                    number,
                    call,
                    outcome.get(),
                    condition,
                    writes,
                    seen,
                    from,
                    open ? Operation.NEVER : to,
                    false));
        }
        return outcome;
    }

    private Optional<Outcome> outcome(Call call, Condition condition, Answer answer, boolean incomplete) {
        int status = answer.status();
        if (answer.isSuccess() && !incomplete) {
            return Optional.of(Outcome.DONE);
        }
        boolean conditional = !condition.equals(Condition.NONE);
        if (conditional
                && (status == PRECONDITION_FAILED || (status == NOT_FOUND && !condition.equals(Condition.ABSENT)))) {
            return Optional.of(Outcome.REFUSED);
        }
        tally.failure(call, answer.words());
        if (status == NOT_IMPLEMENTED) {
            dropped(call, condition).ifPresent(feature -> features.drop(feature, answer.words()));
            return Optional.empty();
        }
        return status == Answer.NONE || status >= 500 || answer.isSuccess()
                ? Optional.of(Outcome.UNKNOWN)
                : Optional.empty();
    }

    private static Optional<Feature> dropped(Call call, Condition condition) {
        if (condition.equals(Condition.ABSENT)) {
            return Optional.of(call == Call.COMPLETE ? Feature.CREATE_BY_PARTS : Feature.CREATE);
        }
        if (!condition.equals(Condition.NONE)) {
            return Optional.of(Feature.SWAP);
        }
        return switch (call) {
            case COPY -> Optional.of(Feature.COPY);
            case COMPLETE -> Optional.of(Feature.MULTIPART);
            case LIST -> Optional.of(Feature.LIST);
            case TAGS -> Optional.of(Feature.TAGS);
            case PUT, DELETE, GET, HEAD -> Optional.empty();
        };
    }

    private void get(KeyRun run, boolean atRest) throws InterruptedException {
        read(run, Call.GET, atRest, () -> bucket.get(run.key()), a -> Optional.of(Bucket.inGet(run.index(), a)));
    }

    private void head(KeyRun run, boolean atRest) throws InterruptedException {
        read(run, Call.HEAD, atRest, () -> bucket.head(run.key()), a -> Optional.of(Bucket.inHead(run.index(), a)));
    }

    private void list(KeyRun run, boolean atRest) throws InterruptedException {
        if (features.has(Feature.LIST)) {
            read(run, Call.LIST, atRest, () -> bucket.list(run.key()), a -> Bucket.inList(run.key(), a));
        } else if (!atRest) {
            head(run, false);
        }
    }

    private void tags(KeyRun run) throws InterruptedException {
        if (features.has(Feature.TAGS)) {
            read(run, Call.TAGS, false, () -> bucket.tags(run.key()), a -> Bucket.inTags(run.index(), a));
        } else {
            get(run, false);
        }
    }

    private void read(KeyRun run, Call call, boolean atRest, Request request, Function<Answer, Optional<Seen>> seenIn)
            throws InterruptedException {
        int operation = run.nextNumber();
        long from = clock.getAsLong();
        Answer answer = request.send();
        long to = clock.getAsLong();
        tally.call(call);
        boolean missing = answer.status() == NOT_FOUND && call != Call.LIST;
        Optional<Seen> seen = missing ? Optional.of(Seen.NOTHING) : Optional.empty();
        if (answer.isSuccess()) {
            seen = seenIn.apply(answer);
        }
        if (seen.isEmpty()) {
            tally.failure(call, answer.isSuccess() ? "not a document of S3" : answer.words());
            if (answer.status() == NOT_IMPLEMENTED) {
                dropped(call, Condition.NONE).ifPresent(feature -> features.drop(feature, answer.words()));
            }
            return;
        }
        run.sawEtag(seen.get().etag());
        run.add(new Sighting(
                operation, number, call, Outcome.DONE, Condition.NONE, Operation.ANY, seen.get(), from, to, atRest));
    }
}
