package io.linchpin.cluster.membership;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.cluster.membership.Verdicts.Judged;
import io.linchpin.cluster.membership.Verdicts.Verdict;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerdictsTest {
    private static final Duration LOOK = Duration.ofMillis(50);

    private final Verdicts<String> verdicts = new Verdicts<>(Duration.ofSeconds(20));
    private long now = Long.MAX_VALUE - Duration.ofSeconds(10).toNanos();

    @BeforeEach
    void twoOthers() {
        verdicts.joined("b");
        verdicts.joined("c");
    }

    /** Looks again and again for a while: all that was judged on the way. */
    private List<Judged<String>> lookFor(Duration span, String... free) {
        List<Judged<String>> judged = new ArrayList<>();
        for (long passed = 0; passed <= span.toNanos(); passed += LOOK.toNanos()) {
            judged.addAll(verdicts.look(now, Set.of(free)));
            now += LOOK.toNanos();
        }
        return judged;
    }

    @Test
    void aFreeLockIsDeathAndIsJudgedOnce() {
        assertEquals(List.of(new Judged<>("b", Verdict.DEAD)), lookFor(Duration.ofSeconds(5), "b"));
        assertEquals(List.of("c"), verdicts.watched());
    }

    @Test
    void silenceAloneIsNotDeath() {
        verdicts.unreachable("b", now);
        assertEquals(List.of(), lookFor(Duration.ofSeconds(19)));
        verdicts.reachable("b");
        assertEquals(List.of(), lookFor(Duration.ofSeconds(60)));
    }

    @Test
    void aMemberThatStaysSilentIsFencedOnce() {
        verdicts.unreachable("b", now);
        assertEquals(List.of(new Judged<>("b", Verdict.FENCE)), lookFor(Duration.ofSeconds(60)));
    }

    @Test
    void aFenceThatCouldNotBeSetIsJudgedAgain() {
        verdicts.unreachable("b", now);
        assertEquals(List.of(new Judged<>("b", Verdict.FENCE)), lookFor(Duration.ofSeconds(60)));
        verdicts.notFenced("b");
        assertEquals(List.of(new Judged<>("b", Verdict.FENCE)), lookFor(Duration.ofSeconds(60)));
    }

    @Test
    void aSilentMemberThatHoldsUpTheRemovalOfADeadOneIsFencedSoon() {
        verdicts.unreachable("c", now);
        lookFor(Duration.ofMillis(500));
        assertEquals(List.of(new Judged<>("b", Verdict.DEAD)), lookFor(Duration.ofMillis(300), "b"));
        assertEquals(List.of(new Judged<>("c", Verdict.FENCE)), lookFor(Duration.ofMillis(300), "b"));
    }

    @Test
    void afterTheDeadIsRemovedPatienceReturns() {
        lookFor(LOOK, "b");
        verdicts.removed("b");
        verdicts.unreachable("c", now);
        assertEquals(List.of(), lookFor(Duration.ofSeconds(19)));
    }

    @Test
    void whoSleptHimselfBlamesNobodyForTheSilence() {
        lookFor(LOOK, "b");
        verdicts.unreachable("c", now);
        lookFor(Duration.ofMillis(200));
        now += Duration.ofSeconds(30).toNanos();
        assertEquals(List.of(), lookFor(Duration.ofMillis(900)));
    }

    @Test
    void aDeadMemberIsNotFencedAsWell() {
        verdicts.unreachable("b", now);
        assertEquals(List.of(new Judged<>("b", Verdict.DEAD)), lookFor(Duration.ofSeconds(60), "b"));
    }

    @Test
    void whoIsNoMemberIsNotJudged() {
        verdicts.removed("b");
        verdicts.unreachable("b", now);
        assertEquals(List.of(), lookFor(Duration.ofSeconds(60), "b"));
    }
}
