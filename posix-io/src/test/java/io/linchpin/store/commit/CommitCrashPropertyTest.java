package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The real engine on the simulated disk, by chance: uploads small and large, deletes, tags, conditions, checkpoints,
 * hand-overs and hand-made edits of one key, a kill or a power cut at any call, recovery that crashes again. After every
 * call a reader looks. The number of lives is fixed, so that a run takes what the machine needs.
 */
class CommitCrashPropertyTest {
    private static final long RUNS = Long.getLong("linchpin.crash.runs", 1_000);
    private static final long SEED = Long.getLong("linchpin.crash.seed", 1);

    @Test
    @Timeout(value = 30, unit = TimeUnit.MINUTES)
    void nothingIsMixedLostOrDestroyedByAnyCrash() throws Exception {
        CrashWorld.Totals totals = new CrashWorld.Totals();
        for (long run = 0; run < RUNS; run++) {
            CrashWorld world = new CrashWorld(SEED + run, totals);
            try {
                world.run();
            } catch (AssertionError | Exception e) {
                throw new AssertionError("seed " + (SEED + run) + ": " + e.getMessage() + "\n" + world.trace(), e);
            }
        }
        System.out.println("crash property test: seeds " + SEED + ".." + (SEED + RUNS - 1) + ", " + totals);
        assertTrue(totals.kills > RUNS / 4 && totals.cuts > RUNS / 4, "crashes were made: " + totals);
        assertTrue(totals.replays > RUNS, "recoveries were made: " + totals);
    }
}
