package io.linchpin.store.mutant;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Every mutant against every rig, for {@code bin/prove}: {@code --dir DIR [--only PART-OF-A-NAME]}. Exit status 1 where one is found by none. */
public final class KillMatrix {
    private static final String RUNS = System.getProperty("linchpin.mutants.runs", "1000");

    private KillMatrix() {}

    /** See the class. */
    public static void main(String[] args) throws IOException {
        Path directory = Path.of(args.length > 1 ? args[1] : "target/prove/mutants");
        String only = args.length > 3 ? args[3] : "";
        Files.createDirectories(directory);
        List<String> table = new ArrayList<>(List.of("| mutant | crashes | lives |", "| --- | --- | --- |"));
        ObjectNode json = new ObjectMapper().createObjectNode();
        int alive = 0;
        for (Mutant mutant : Mutants.all()) {
            if (!mutant.name().contains(only)) {
                continue;
            }
            String crashes = Rig.CRASHES.hunt(mutant, mutant.scenario());
            String lives = Rig.LIVES.hunt(mutant, RUNS);
            System.out.println(mutant.name() + "\n    crashes: " + crashes + "\n    lives: " + lives);
            table.add("| " + mutant.name() + ": " + mutant.breaks() + " | " + crashes + " | " + lives + " |");
            json.putObject(mutant.name())
                    .put("breaks", mutant.breaks())
                    .put("crashes", crashes)
                    .put("lives", lives);
            alive += crashes.startsWith("alive") && lives.startsWith("alive") ? 1 : 0;
        }
        Files.write(directory.resolve("summary.txt"), table);
        Files.writeString(directory.resolve("summary.json"), json.toPrettyString() + "\n");
        System.out.println("mutants: " + Mutants.all().size() + ", found by no rig: " + alive);
        System.exit(alive == 0 ? 0 : 1);
    }
}
