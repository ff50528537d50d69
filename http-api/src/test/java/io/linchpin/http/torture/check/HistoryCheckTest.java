package io.linchpin.http.torture.check;

import static io.linchpin.http.torture.check.Histories.delete;
import static io.linchpin.http.torture.check.Histories.get;
import static io.linchpin.http.torture.check.Histories.open;
import static io.linchpin.http.torture.check.Histories.put;
import static io.linchpin.http.torture.check.Histories.putIf;
import static io.linchpin.http.torture.check.Histories.refused;
import static io.linchpin.http.torture.check.Histories.torn;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryCheckTest {
    private static KeyHistory key(Operation... operations) {
        return new KeyHistory("key", false, List.of(operations));
    }

    private static void assertGood(Operation... operations) {
        HistoryCheck.Result result = HistoryCheck.check(key(operations));
        assertInstanceOf(Verdict.Linearizable.class, result.verdict());
        assertFalse(result.isBad(), result::toString);
        assertEquals(List.of(), HistoryCheck.explain(key(operations)));
    }

    private static Defect assertBad(Defect.Kind kind, Operation... operations) {
        assertTrue(HistoryCheck.check(key(operations)).isBad());
        Defect defect = HistoryCheck.explain(key(operations)).getFirst();
        assertEquals(kind, defect.kind(), defect.sentence());
        return defect;
    }

    @Test
    void concurrentWritesMayComeInAnyOrderButOneThatAllReadersShare() {
        assertGood(put(1, 1, 0, 10), put(2, 2, 0, 10), get(3, 1, 11, 12), get(4, 1, 13, 14));
        assertGood(put(1, 1, 0, 10), put(2, 2, 0, 10), get(3, 2, 1, 2), get(4, 1, 3, 4));
        assertBad(
                Defect.Kind.NOT_LINEARIZABLE, put(1, 1, 0, 10), put(2, 2, 0, 10), get(3, 2, 11, 12), get(4, 1, 13, 14));
    }

    @Test
    void aReadOfThePastIsStale() {
        Defect defect =
                assertBad(Defect.Kind.STALE_READ, put(1, 1, 0, 1), get(2, 1, 2, 3), put(3, 2, 4, 5), get(4, 1, 6, 7));
        assertEquals(
                List.of(1, 3, 4), defect.proof().stream().map(Operation::number).toList());
    }

    @Test
    void twoWhoComparedWithTheSameUploadLostAnUpdate() {
        Defect defect = assertBad(
                Defect.Kind.LOST_UPDATE,
                put(1, 1, 0, 1),
                putIf(2, 1, 2, 2, 9),
                putIf(3, 1, 3, 2, 9),
                get(4, 3, 10, 11));
        assertEquals(
                "3 1 2",
                defect.proof().size() + " " + defect.proof().get(0).number() + " "
                        + defect.proof().get(1).number());
    }

    @Test
    void ofTwoWhoCreateOneMustBeRefused() {
        assertGood(putIf(1, 0, 1, 0, 9), refused(2, 0, 2, 0, 9), get(3, 1, 10, 11));
        assertBad(Defect.Kind.SEVERAL_WINNERS, putIf(1, 0, 1, 0, 9), putIf(2, 0, 2, 0, 9), get(3, 2, 10, 11));
        assertGood(putIf(1, 0, 1, 0, 3), delete(2, 2, 6), putIf(3, 0, 2, 5, 9), get(4, 2, 10, 11));
    }

    @Test
    void aConditionThatNoLongerHeldIsNamed() {
        assertBad(
                Defect.Kind.LOST_UPDATE,
                put(1, 1, 0, 2),
                putIf(2, 1, 2, 1, 20),
                put(3, 3, 3, 4),
                putIf(4, 2, 4, 18, 30));
        assertBad(Defect.Kind.WRONGLY_REFUSED, put(1, 1, 0, 1), refused(2, 1, 2, 2, 3), get(3, 1, 4, 5));
        assertBad(Defect.Kind.WRONGLY_REFUSED, put(1, 1, 0, 1), delete(2, 2, 3), refused(3, 0, 2, 4, 5));
        assertBad(Defect.Kind.CREATE_OVER_EXISTING, put(1, 1, 0, 1), putIf(2, 0, 2, 2, 3));
    }

    @Test
    void anAcknowledgedUploadDoesNotVanish() {
        Defect defect = assertBad(
                Defect.Kind.MISSING_OBJECT, delete(1, 0, 1), put(2, 2, 2, 3), put(3, 3, 4, 9), get(4, 0, 5, 6));
        assertEquals(
                List.of(2, 4), defect.proof().stream().map(Operation::number).toList());
    }

    @Test
    void nobodySeesWhatIsNotSentYet() {
        assertBad(Defect.Kind.EARLY_READ, put(1, 1, 0, 1), get(2, 2, 2, 3), put(3, 2, 4, 5));
    }

    @Test
    void anUnknownOutcomeMayTakeEffectAtAnyLaterTimeOrNever() {
        assertGood(put(1, 1, 0, 1), open(2, 2, 2), get(3, 1, 50, 51), get(4, 2, 90, 91));
        assertGood(put(1, 1, 0, 1), open(2, 2, 2), get(3, 1, 50, 51));
        assertBad(
                Defect.Kind.STALE_READ,
                put(1, 1, 0, 1),
                open(2, 2, 2),
                get(3, 2, 50, 51),
                put(4, 4, 52, 53),
                get(5, 2, 54, 55));
    }

    @Test
    void aTornAnswerIsBadByItselfAndHasNoPlaceInTheOrder() {
        KeyHistory torn = key(put(1, 1, 0, 1), torn(2, 2, 3), get(3, 1, 4, 5));
        assertInstanceOf(Verdict.Linearizable.class, HistoryCheck.check(torn).verdict());
        assertBad(Defect.Kind.TORN_RESPONSE, torn.operations().toArray(Operation[]::new));
        KeyHistory atRest = new KeyHistory("key", true, torn.operations());
        assertEquals(
                Defect.Kind.MIXED_AT_REST,
                HistoryCheck.explain(atRest).getFirst().kind());
    }

    /** One fault each in the long history of a right server. */
    @Test
    void whatIsPutIntoAGoodHistoryIsFound() {
        for (int seed = 0; seed < 100; seed++) {
            Random random = new Random(seed);
            List<Operation> good = Histories.ofARightServer(random, 200, 6);
            long end = 1_000_000;
            List<Operation> known = List.of(put(900, 900, end, end + 1), putIf(901, 900, 901, end + 2, end + 3));
            List<Operation> staleRead = List.of(get(902, 900, end + 4, end + 5));
            List<Operation> lostUpdate = List.of(putIf(902, 900, 902, end + 2, end + 5));
            List<Operation> winners = List.of(
                    delete(902, end + 4, end + 5),
                    putIf(903, 0, 903, end + 6, end + 9),
                    putIf(904, 0, 904, end + 6, end + 9));
            List<Operation> mixed = List.of(torn(902, end + 4, end + 5));
            // A delete of unknown outcome may come between two creates.
            boolean twoMayWin = good.stream().anyMatch(one -> one.isOpen() && one.call() == Call.DELETE);
            for (List<Operation> fault : List.of(staleRead, lostUpdate, winners, mixed)) {
                if (twoMayWin && fault.equals(winners)) {
                    continue;
                }
                List<Operation> all = new ArrayList<>(good);
                all.addAll(known);
                all.addAll(fault);
                KeyHistory history = new KeyHistory("key", false, all);
                assertTrue(HistoryCheck.check(history).isBad(), "seed " + seed + ": " + fault);
                Defect defect = HistoryCheck.explain(history).getFirst();
                assertTrue(defect.proof().size() <= 4, () -> defect.sentence() + defect.proof());
            }
            assertFalse(HistoryCheck.check(new KeyHistory("key", false, good)).isBad(), "seed " + seed);
        }
    }

    @Test
    void whatCannotBeIsNoOperation() {
        assertThrows(IllegalArgumentException.class, () -> put(1, 0, 0, 1));
        assertThrows(IllegalArgumentException.class, () -> put(1, 1, 5, 4));
        assertThrows(IllegalArgumentException.class, () -> key(put(1, 1, 0, 1), put(1, 2, 0, 1)));
    }
}
