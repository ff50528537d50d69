package io.linchpin.http.torture.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is wrong in histories and can be counted without looking for an order: each count proves as many violations. The search
 * finds more, and a history that it refuses may show none of these.
 *
 * @param reads answered, torn ones among them
 * @param torn reads answered with parts of several uploads
 * @param updates writes with If-Match that were acknowledged
 * @param lostUpdates those of them that another acknowledged one overwrote unseen: both had compared with the same upload
 * @param creates writes with If-None-Match that were acknowledged
 * @param extraWinners those of them for which the key cannot have been absent: more than there were deletes in between
 * @param stale reads of an upload that had been overwritten, or deleted, before the read began
 * @param missing reads answered with "no such key" where an upload was acknowledged and nobody had deleted it
 * @param early reads of an upload that nobody had sent yet
 * @param unknown writes whose outcome is unknown
 */
public record Symptoms(
        int reads,
        int torn,
        int updates,
        int lostUpdates,
        int creates,
        int extraWinners,
        int stale,
        int missing,
        int early,
        int unknown) {
    public static final Symptoms NONE = new Symptoms(0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Of one key. */
    public static Symptoms of(List<Operation> history) {
        return new Count(history).symptoms();
    }

    public Symptoms plus(Symptoms other) {
        return new Symptoms(
                reads + other.reads,
                torn + other.torn,
                updates + other.updates,
                lostUpdates + other.lostUpdates,
                creates + other.creates,
                extraWinners + other.extraWinners,
                stale + other.stale,
                missing + other.missing,
                early + other.early,
                unknown + other.unknown);
    }

    public boolean isClean() {
        return torn + lostUpdates + extraWinners + stale + missing + early == 0;
    }

    private static final class Count {
        private final List<Operation> history;
        private final List<Operation> changes;
        private final Map<Integer, Operation> writers = new HashMap<>();
        private final Map<Integer, Long> inPlaceByNanos = new HashMap<>();

        private Count(List<Operation> history) {
            this.history = history;
            this.changes = history.stream().filter(Operation::changes).toList();
            changes.forEach(change -> writers.put(change.writes(), change));
            history.forEach(one -> inPlaceByNanos.merge(shows(one), one.toNanos(), Math::min));
        }

        private Symptoms symptoms() {
            int torn = count(one -> one.outcome() == Outcome.TORN);
            int read = count(one -> one.call().isRead());
            int updates = count(one -> isDone(one) && one.expects() > Operation.ABSENT);
            long seen = history.stream()
                    .filter(one -> isDone(one) && one.expects() > Operation.ABSENT)
                    .mapToInt(Operation::expects)
                    .distinct()
                    .count();
            int creates = count(one -> isDone(one) && one.expects() == Operation.ABSENT);
            int deletes = count(one -> one.changes() && one.writes() == Operation.ABSENT);
            return new Symptoms(
                    read,
                    torn,
                    updates,
                    updates - (int) seen,
                    creates,
                    Math.max(0, creates - 1 - deletes),
                    count(this::isStale),
                    count(this::isMissing),
                    count(this::isEarly),
                    count(Operation::isOpen));
        }

        private int count(Predicate<Operation> what) {
            return (int) history.stream().filter(what).count();
        }

        private static boolean isDone(Operation one) {
            return one.changes() && !one.isOpen();
        }

        private static boolean saw(Operation one, boolean something) {
            return one.call().isRead()
                    && one.outcome() == Outcome.DONE
                    && (one.sees() != Operation.ABSENT) == something;
        }

        /** The upload that was certainly in place at some time while this ran; {@link Operation#ABSENT} where none was. */
        private static int shows(Operation one) {
            if (one.call().isRead()) {
                return one.outcome() == Outcome.DONE ? one.sees() : Operation.ABSENT;
            }
            return isDone(one) ? one.writes() : Operation.ABSENT;
        }

        private boolean isStale(Operation read) {
            long inPlaceBy = inPlaceByNanos.getOrDefault(read.sees(), Operation.NEVER);
            return saw(read, true)
                    && changes.stream()
                            .anyMatch(later -> later.writes() != read.sees()
                                    && inPlaceBy < later.fromNanos()
                                    && later.isBefore(read));
        }

        private boolean isMissing(Operation read) {
            return saw(read, false)
                    && history.stream()
                            .anyMatch(shown -> shows(shown) != Operation.ABSENT
                                    && shown.isBefore(read)
                                    && changes.stream()
                                            .noneMatch(delete -> delete.writes() == Operation.ABSENT
                                                    && !delete.isBefore(shown)
                                                    && !read.isBefore(delete)));
        }

        private boolean isEarly(Operation read) {
            Operation writer = writers.get(read.sees());
            return saw(read, true) && (writer == null || read.isBefore(writer));
        }
    }
}
