package io.linchpin.store.commit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.function.Function;
import org.slf4j.LoggerFactory;

/** Random lives as a hunter of broken engines. The order is how many to try, from seed 1 on. */
public final class LivesHunt implements Function<String, String> {
    @Override
    public String apply(String order) {
        ((Logger) LoggerFactory.getLogger("io.linchpin")).setLevel(Level.OFF);
        long runs = Long.parseLong(order);
        CrashWorld.Totals totals = new CrashWorld.Totals();
        for (long seed = 1; seed <= runs; seed++) {
            try {
                new CrashWorld(seed, totals).run();
            } catch (AssertionError | Exception e) {
                String what = String.valueOf(e.getMessage()).replaceAll("\\s+", " ");
                return "killed by seed " + seed + " after " + totals.calls + " calls: " + what;
            }
        }
        return "alive after " + runs + " runs, " + totals.calls + " calls";
    }
}
