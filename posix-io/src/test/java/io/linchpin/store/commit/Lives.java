package io.linchpin.store.commit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.slf4j.LoggerFactory;

/**
 * Random lives for a long time, for {@code bin/prove}: {@code --dir DIR [--hours H]}. Goes on after the last seed that an
 * earlier run noted. Exit status 1 at the first violation.
 */
public final class Lives {
    private static final long SEEDS = 200_000;
    private static final long REPORT_EVERY = 1_000;

    private Lives() {}

    /** See the class. */
    public static void main(String[] args) throws Exception {
        ((Logger) LoggerFactory.getLogger("io.linchpin")).setLevel(Level.OFF);
        Path directory = Path.of(args[1]);
        double hours = args.length > 3 ? Double.parseDouble(args[3]) : Double.MAX_VALUE;
        Files.createDirectories(directory);
        Path noted = directory.resolve("seed.txt");
        long first =
                Files.exists(noted) ? Long.parseLong(Files.readString(noted).strip()) + 1 : 1;
        long begin = System.nanoTime();
        CrashWorld.Totals totals = new CrashWorld.Totals();
        String violation = "";
        long seed = first;
        while (seed <= SEEDS && violation.isEmpty() && (System.nanoTime() - begin) / 3600e9 < hours) {
            CrashWorld world = new CrashWorld(seed, totals);
            try {
                world.run();
            } catch (AssertionError | Exception e) {
                violation = "seed " + seed + ": " + e.getMessage() + "\n" + world.trace();
                break;
            }
            if (seed % REPORT_EVERY == 0) {
                System.out.printf(Locale.ROOT, "lives: seed %,d, %s%n", seed, totals);
                Files.writeString(noted, "" + seed);
            }
            seed++;
        }
        String text = "lives: seeds " + first + " to " + (seed - 1) + ", " + totals + "\n" + violation + "\n";
        System.out.print(text);
        Files.writeString(directory.resolve("summary.txt"), text);
        Files.writeString(
                directory.resolve("summary.json"),
                new ObjectMapper()
                                .createObjectNode()
                                .put("firstSeed", first)
                                .put("lastSeed", seed - 1)
                                .put("calls", totals.calls)
                                .put("kills", totals.kills)
                                .put("powerCuts", totals.cuts)
                                .put("takeOvers", totals.replays)
                                .put("violation", violation)
                                .toPrettyString()
                        + "\n");
        System.exit(violation.isEmpty() ? 0 : 1);
    }
}
