package io.linchpin.http.torture.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The search against every order tried, and against the answers of a right server. */
class SearchPropertyTest {
    private static final int SMALL_HISTORIES = 60_000;

    private long seed;
    private Random random = new Random(0);

    @BeforeEach
    void seed() {
        seed = Long.getLong("linchpin.seed", System.nanoTime());
        random = new Random(seed);
        System.out.println("linchpin.seed=" + seed);
    }

    private boolean isGood(List<Operation> history) {
        Verdict verdict = Search.run(history, HistoryCheck.BUDGET);
        assertTrue(!(verdict instanceof Verdict.Undecided), () -> "seed " + seed + ": undecided: " + history);
        return verdict instanceof Verdict.Linearizable;
    }

    /** Half of them with any answers, half a right server's with one answer altered: both verdicts are common. */
    private List<Operation> small() {
        int size = 2 + random.nextInt(6);
        if (random.nextBoolean()) {
            return Histories.anyAnswers(random, size);
        }
        List<Operation> history = new ArrayList<>(Histories.ofARightServer(random, size, 1 + random.nextInt(4)));
        int altered = random.nextInt(size);
        Operation one = history.get(altered);
        if (one.call().isRead()) {
            history.set(altered, Histories.get(one.number(), random.nextInt(size), one.fromNanos(), one.toNanos()));
        } else if (random.nextBoolean()) {
            history.remove(altered);
        }
        return history;
    }

    @Test
    void smallHistoriesAreJudgedAsByTryingEveryOrder() {
        int good = 0;
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            List<Operation> history = small();
            boolean expected = BruteForce.hasOrder(history);
            good += expected ? 1 : 0;
            assertEquals(expected, isGood(history), () -> "seed " + seed + ": " + history);
        }
        System.out.println(good + " of " + SMALL_HISTORIES + " histories have an order");
        assertTrue(good > SMALL_HISTORIES / 10 && good < SMALL_HISTORIES * 9 / 10, "seed " + seed + ": " + good);
    }

    @Test
    void longHistoriesOfARightServerAreGood() {
        for (int i = 0; i < 200; i++) {
            List<Operation> history = Histories.ofARightServer(random, 300, 1 + random.nextInt(8));
            Verdict verdict = Search.run(history, HistoryCheck.BUDGET);
            assertInstanceOf(Verdict.Linearizable.class, verdict, () -> "seed " + seed + ": " + history);
            assertTrue(Symptoms.of(history).isClean(), () -> "seed " + seed + ": " + Symptoms.of(history));
        }
    }

    @Test
    void whatIsCountedIsRefusedBySearchToo() {
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            List<Operation> history = small();
            long uploads = history.stream()
                    .filter(one -> one.changes() && one.writes() != Operation.ABSENT)
                    .count();
            long distinct = history.stream()
                    .filter(one -> one.changes() && one.writes() != Operation.ABSENT)
                    .mapToInt(Operation::writes)
                    .distinct()
                    .count();
            if (uploads == distinct && !Symptoms.of(history).isClean()) {
                assertTrue(!isGood(history), () -> "seed " + seed + ": " + Symptoms.of(history) + history);
            }
        }
    }

    @Test
    void whatMayBeLeftOutMakesNoGoodHistoryBad() {
        int left = 0;
        for (int i = 0; i < SMALL_HISTORIES; i++) {
            List<Operation> history = small();
            if (!BruteForce.hasOrder(history)) {
                continue;
            }
            for (Operation one : history) {
                if (Shrink.isDispensable(one, history)) {
                    List<Operation> without = new ArrayList<>(history);
                    without.remove(one);
                    assertTrue(BruteForce.hasOrder(without), () -> "seed " + seed + ": " + one + " of " + history);
                    left++;
                }
            }
        }
        assertTrue(left > SMALL_HISTORIES / 10, "seed " + seed + ": " + left);
    }

    @Test
    void whatIsLeftOfABadHistoryIsBadAndNothingOfItCanGo() {
        int bad = 0;
        for (int i = 0; i < 400; i++) {
            List<Operation> history = new ArrayList<>(Histories.ofARightServer(random, 120, 4));
            int altered = random.nextInt(history.size());
            Operation one = history.get(altered);
            if (!one.call().isRead()) {
                continue;
            }
            history.set(altered, Histories.get(one.number(), random.nextInt(120), one.fromNanos(), one.toNanos()));
            if (isGood(history)) {
                continue;
            }
            bad++;
            List<Operation> smallest = Shrink.run(history, HistoryCheck.BUDGET);
            assertTrue(history.containsAll(smallest));
            assertTrue(!isGood(smallest), () -> "seed " + seed + ": " + smallest);
            assertTrue(smallest.size() <= 24, () -> "seed " + seed + ": " + smallest);
            for (Operation each : smallest) {
                List<Operation> without = new ArrayList<>(smallest);
                without.remove(each);
                assertTrue(
                        !Shrink.isDispensable(each, smallest) || isGood(without),
                        () -> "seed " + seed + ": " + each + " of " + smallest);
            }
        }
        assertTrue(bad > 10, "seed " + seed + ": " + bad);
    }
}
