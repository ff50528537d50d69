package io.linchpin.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.store.value.Incarnation;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SweepRoundTest {
    private static final Incarnation A = Incarnation.of(0, 1);
    private static final Incarnation B = Incarnation.of(1, 1);
    private static final Incarnation DEAD = Incarnation.of(2, 1);
    private static final Incarnation NEEDED = Incarnation.of(3, 1);

    private final SweepRound round = new SweepRound(7, List.of(DEAD, NEEDED), List.of(A, B));

    @Test
    void onlyWhatNobodyNeedsGoesAndOnlyWhenAllHaveAnswered() {
        assertEquals(Optional.empty(), round.answered(new NodeAgent.References(7, A, List.of(NEEDED))));
        assertEquals(Optional.of(List.of(DEAD)), round.answered(new NodeAgent.References(7, B, List.of())));
    }

    @Test
    void oneNodesTwoAnswersAreOne() {
        round.answered(new NodeAgent.References(7, A, List.of()));
        assertEquals(Optional.empty(), round.answered(new NodeAgent.References(7, A, List.of())));
    }

    @Test
    void anAnswerToAnEarlierRoundDoesNotCount() {
        round.answered(new NodeAgent.References(7, A, List.of()));
        assertEquals(Optional.empty(), round.answered(new NodeAgent.References(6, B, List.of())));
    }
}
