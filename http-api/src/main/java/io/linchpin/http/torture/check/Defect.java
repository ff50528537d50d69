package io.linchpin.http.torture.check;

import java.util.Comparator;
import java.util.List;

/**
 * One proof that an endpoint is wrong, as small as it could be made.
 *
 * @param sentence what happened, for a person
 * @param proof the operations that show it, in the order in which they were sent
 */
public record Defect(Kind kind, String key, String sentence, List<Operation> proof) {
    /** The worst first. */
    public enum Kind {
        MIXED_AT_REST("object left mixed at rest"),
        TORN_RESPONSE("torn response"),
        LOST_UPDATE("lost update"),
        SEVERAL_WINNERS("several winners of one create"),
        CREATE_OVER_EXISTING("create over an existing object"),
        WRONGLY_REFUSED("write refused although its condition held"),
        MISSING_OBJECT("acknowledged object missing"),
        EARLY_READ("upload seen that nobody had sent"),
        STALE_READ("stale read"),
        NOT_LINEARIZABLE("no order explains it");

        private final String words;

        Kind(String words) {
            this.words = words;
        }

        public String words() {
            return words;
        }
    }

    /** The one that is easier to follow first: a torn GET before other reads, and less before more. */
    public static final Comparator<Defect> PLAINEST_FIRST =
            Comparator.comparing(Defect::tornCall).thenComparingInt(one -> one.proof.size());

    public Defect {
        proof = List.copyOf(proof);
    }

    private Call tornCall() {
        return proof.stream()
                .filter(one -> one.outcome() == Outcome.TORN)
                .map(Operation::call)
                .findFirst()
                .orElse(Call.GET);
    }
}
