package io.linchpin.cluster.node;

import io.linchpin.store.value.Incarnation;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One round of asking every living node whether it still needs what some dead ones left. */
final class SweepRound {
    private final long number;
    private final Set<Incarnation> removable;
    private final Set<Incarnation> toAnswer;

    SweepRound(long number, Collection<Incarnation> dead, Collection<Incarnation> living) {
        this.number = number;
        this.removable = new HashSet<>(dead);
        this.toAnswer = new HashSet<>(living);
    }

    long number() {
        return number;
    }

    /** Takes an answer; the dead whose leavings nobody needs once all have answered, and empty before. */
    Optional<List<Incarnation>> answered(NodeAgent.References answer) {
        if (answer.round() != number) {
            return Optional.empty();
        }
        answer.referred().forEach(removable::remove);
        toAnswer.remove(answer.incarnation());
        return toAnswer.isEmpty() ? Optional.of(removable.stream().sorted().toList()) : Optional.empty();
    }
}
