package io.linchpin.http.torture.check;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Says of a small bad history what is wrong with it. */
final class Explanation {
    /** As notes on torn answers name uploads: up to nine digits. */
    private static final Pattern UPLOAD = Pattern.compile("upload (\\d{1,9})\\b");

    private final String key;
    private final List<Operation> proof;

    private Explanation(String key, List<Operation> proof) {
        this.key = key;
        this.proof = proof;
    }

    /**
     * Of a history without an order.
     *
     * @param smallest of which nothing can be left out
     */
    static Defect of(String key, List<Operation> smallest) {
        List<Operation> inOrder = smallest.stream()
                .sorted(Comparator.comparingLong(Operation::fromNanos).thenComparingInt(Operation::number))
                .toList();
        return new Explanation(key, inOrder).defect();
    }

    /** Of a read that proves it by itself; the uploads that are mixed in it stand beside it. */
    static Defect ofTorn(String key, Operation torn, boolean atRest, List<Operation> history) {
        Set<Integer> mixed = UPLOAD.matcher(torn.note())
                .results()
                .map(found -> Integer.valueOf(found.group(1)))
                .collect(Collectors.toSet());
        List<Operation> proof = history.stream()
                .filter(one -> one.number() == torn.number() || (one.changes() && mixed.contains(one.writes())))
                .sorted(Comparator.comparingLong(Operation::fromNanos).thenComparingInt(Operation::number))
                .toList();
        String sentence = atRest
                ? "With nobody at work on the key any more, " + torn.call() + " is answered with " + torn.note() + "."
                : "One " + torn.call() + " was answered with " + torn.note() + ".";
        return new Defect(atRest ? Defect.Kind.MIXED_AT_REST : Defect.Kind.TORN_RESPONSE, key, sentence, proof);
    }

    private Defect defect() {
        Symptoms symptoms = Symptoms.of(proof);
        List<Operation> acknowledged =
                proof.stream().filter(one -> one.changes() && !one.isOpen()).toList();
        if (symptoms.lostUpdates() > 0) {
            Operation first = sameCondition(acknowledged).orElseThrow();
            long writes = acknowledged.stream()
                    .filter(one -> one.expects() == first.expects())
                    .count();
            return new Defect(
                    Defect.Kind.LOST_UPDATE,
                    key,
                    writes + " writes, each to be done only while upload " + first.expects()
                            + " was in place, were all acknowledged: one overwrote another unseen.",
                    proof);
        }
        if (symptoms.extraWinners() > 0) {
            return new Defect(
                    Defect.Kind.SEVERAL_WINNERS,
                    key,
                    symptoms.creates() + " writes, each to be done only if the key did not exist, were acknowledged"
                            + (symptoms.creates() - symptoms.extraWinners() > 1
                                    ? ", with too few deletes among them for that."
                                    : "."),
                    proof);
        }
        // Blind writes alone always have an order: one of the conditions was judged wrongly.
        if (acknowledged.size() == proof.size()) {
            return ofACondition();
        }
        List<Operation> judged = proof.stream()
                .filter(one -> one.call().isRead() || one.expects() != Operation.ANY)
                .toList();
        if (judged.size() == 1 && judged.getFirst().outcome() == Outcome.REFUSED) {
            return new Defect(
                    Defect.Kind.WRONGLY_REFUSED,
                    key,
                    "A write was refused although its condition held whenever it may have been judged.",
                    proof);
        }
        return ofARead(symptoms);
    }

    private Defect ofACondition() {
        boolean update = proof.stream().anyMatch(one -> one.expects() > Operation.ABSENT);
        return update
                ? new Defect(
                        Defect.Kind.LOST_UPDATE,
                        key,
                        "A write with If-Match was acknowledged although another acknowledged write had replaced what it"
                                + " compared with: one overwrote another unseen.",
                        proof)
                : new Defect(
                        Defect.Kind.CREATE_OVER_EXISTING,
                        key,
                        "A write that was to be done only if the key did not exist was acknowledged although it did.",
                        proof);
    }

    private Defect ofARead(Symptoms symptoms) {
        if (symptoms.missing() > 0) {
            Operation read = first(one -> one.call().isRead() && one.sees() == Operation.ABSENT);
            return new Defect(
                    Defect.Kind.MISSING_OBJECT,
                    key,
                    "A " + read.call()
                            + " was answered that there is no such key, after an upload had been acknowledged"
                            + " and before anybody deleted it.",
                    proof);
        }
        if (symptoms.early() > 0) {
            Operation read = first(one -> one.call().isRead() && one.sees() > Operation.ABSENT);
            return new Defect(
                    Defect.Kind.EARLY_READ,
                    key,
                    "A " + read.call() + " saw " + Words.state(read.sees()) + ", which nobody had sent yet.",
                    proof);
        }
        if (symptoms.stale() > 0) {
            Operation read = first(one -> one.call().isRead() && one.sees() > Operation.ABSENT);
            return new Defect(
                    Defect.Kind.STALE_READ,
                    key,
                    "A " + read.call() + " saw " + Words.state(read.sees())
                            + " although another write had begun after that one was acknowledged, and was itself"
                            + " acknowledged before the " + read.call() + " was sent.",
                    proof);
        }
        return new Defect(
                Defect.Kind.NOT_LINEARIZABLE,
                key,
                "Each answer is possible by itself, but no order of these " + proof.size()
                        + " operations explains them all.",
                proof);
    }

    private Operation first(Predicate<Operation> which) {
        return proof.stream().filter(which).findFirst().orElseThrow();
    }

    private static Optional<Operation> sameCondition(List<Operation> acknowledged) {
        return acknowledged.stream()
                .filter(one -> one.expects() > Operation.ABSENT
                        && acknowledged.stream()
                                .anyMatch(other -> other.number() != one.number() && other.expects() == one.expects()))
                .findFirst();
    }
}
