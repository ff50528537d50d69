package io.linchpin.http.torture;

import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import io.linchpin.http.torture.s3.Condition;
import io.linchpin.http.torture.s3.Content;
import io.linchpin.http.torture.s3.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes a history of what was seen of a key at rest: now it is known which upload every entity tag belongs to. */
final class Resolution {
    /** Stands for an upload whose entity tag nobody was told. */
    private static final int UNKNOWN_UPLOAD = Integer.MAX_VALUE;

    private final KeyRun run;
    private final Map<String, Integer> uploadsByEtag;

    /** Whether an entity tag that nobody knows belongs to no upload; else it may be one whose answer never came. */
    private final boolean allEtagsKnown;

    private Resolution(KeyRun run, List<Sighting> sightings, boolean etagsAreDigests) {
        this.run = run;
        this.uploadsByEtag = run.uploadsByEtag();
        this.allEtagsKnown = etagsAreDigests || sightings.stream().noneMatch(one -> one.outcome() == Outcome.UNKNOWN);
    }

    /** @param etagsAreDigests whether every upload's entity tag was known before it was sent */
    static KeyHistory of(KeyRun run, boolean etagsAreDigests) {
        List<Sighting> sightings = run.sightings();
        Resolution resolution = new Resolution(run, sightings, etagsAreDigests);
        boolean settled = sightings.stream().noneMatch(one -> one.outcome() == Outcome.UNKNOWN);
        boolean mixedAtRest = false;
        List<Operation> operations = new ArrayList<>();
        for (Sighting sighting : sightings) {
            Optional<Operation> operation = resolution.operation(sighting);
            operation.ifPresent(operations::add);
            mixedAtRest |= settled
                    && sighting.atRest()
                    && operation.map(one -> one.outcome() == Outcome.TORN).orElse(false);
        }
        return new KeyHistory(run.key(), mixedAtRest, operations);
    }

    private Optional<Operation> operation(Sighting one) {
        return one.call().isRead() ? read(one) : Optional.of(write(one));
    }

    private Operation write(Sighting one) {
        int expects = expected(one.condition());
        boolean refused = one.outcome() == Outcome.REFUSED;
        int sees = refused && !one.seen().found() ? Operation.ABSENT : Operation.ANY;
        return new Operation(
                one.number(),
                one.client(),
                one.call(),
                one.outcome(),
                expects,
                one.writes(),
                sees,
                one.fromNanos(),
                one.toNanos(),
                "");
    }

    private int expected(Condition condition) {
        if (condition.equals(Condition.NONE)) {
            return Operation.ANY;
        }
        // An entity tag that no upload has was never in place: nothing else is known of what it stands for.
        return condition.equals(Condition.ABSENT)
                ? Operation.ABSENT
                : uploadsByEtag.getOrDefault(condition.value(), UNKNOWN_UPLOAD);
    }

    private Optional<Operation> read(Sighting one) {
        Seen seen = one.seen();
        if (!seen.found()) {
            return Optional.of(read(one, Outcome.DONE, Operation.ABSENT, ""));
        }
        int byEtag = seen.etag().isEmpty()
                ? Seen.NOT_SHOWN
                : uploadsByEtag.getOrDefault(seen.etag(), allEtagsKnown ? Content.FOREIGN : Seen.NOT_SHOWN);
        List<Integer> shown = new ArrayList<>();
        for (int part : new int[] {seen.body(), seen.metadata(), byEtag}) {
            if (part != Seen.NOT_SHOWN && !shown.contains(part)) {
                shown.add(part);
            }
        }
        if (shown.isEmpty()) {
            return Optional.empty();
        }
        int upload = shown.getFirst();
        boolean whole = shown.size() == 1 && upload > 0 && hasSize(seen, upload);
        return Optional.of(
                whole
                        ? read(one, Outcome.DONE, upload, "")
                        : read(one, Outcome.TORN, Operation.ANY, words(seen, byEtag) + lengthOf(shown)));
    }

    private boolean hasSize(Seen seen, int upload) {
        return seen.size() == Seen.NOT_SHOWN || seen.size() == new Content(run.index(), upload).size();
    }

    private static Operation read(Sighting one, Outcome outcome, int sees, String note) {
        return new Operation(
                one.number(),
                one.client(),
                one.call(),
                outcome,
                Operation.ANY,
                Operation.ANY,
                sees,
                one.fromNanos(),
                one.toNanos(),
                note);
    }

    private static String words(Seen seen, int byEtag) {
        List<String> parts = new ArrayList<>();
        if (seen.body() != Seen.NOT_SHOWN) {
            parts.add(seen.body() == Content.FOREIGN ? seen.words() : "the body of upload " + seen.body());
        } else if (seen.size() != Seen.NOT_SHOWN) {
            parts.add("the length " + seen.size());
        }
        if (seen.metadata() != Seen.NOT_SHOWN) {
            parts.add("the metadata of " + named(seen.metadata()));
        }
        if (byEtag != Seen.NOT_SHOWN) {
            parts.add("the ETag of " + named(byEtag));
        }
        return String.join(", ", parts);
    }

    /** Where only the length does not fit: which would. */
    private String lengthOf(List<Integer> shown) {
        int upload = shown.getFirst();
        return shown.size() == 1 && upload > 0 ? ", whose length is " + new Content(run.index(), upload).size() : "";
    }

    private static String named(int upload) {
        return upload == Content.FOREIGN ? "no upload" : "upload " + upload;
    }
}
