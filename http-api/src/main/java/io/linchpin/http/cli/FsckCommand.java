package io.linchpin.http.cli;

import io.linchpin.http.supervisor.RefusedException;
import io.linchpin.http.supervisor.StoreNodes;
import io.linchpin.http.supervisor.StoreRest;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.check.Finding;
import io.linchpin.store.check.Fsck;
import io.linchpin.store.check.Repair;
import io.linchpin.store.check.Repairs;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code linchpin fsck}: checks a store, and repairs what is safe to repair where it is at rest. Exit status 0 where there is
 * nothing to look at, or nothing any more.
 */
final class FsckCommand {
    /** Repairs planned in one run; a further run makes the rest. */
    private static final int MOST_REPAIRS = 1_000_000;

    private FsckCommand() {}

    /** @param counts 1 where its finding is one that somebody should look at, else 0 */
    private record Planned(Repair repair, int counts) {}

    static int run(List<String> options, PrintStream out, PrintStream err)
            throws UsageException, IOException, RefusedException {
        Arguments arguments = Arguments.parse(options, Set.of("root"), Set.of("repair", "digest", "json"));
        Path root = Cli.root(arguments);
        if (!Files.isDirectory(root.resolve(Names.HOME))) {
            throw new RefusedException("There is no store at " + root + "; --root names another.");
        }
        FsckReport report = arguments.has("json") ? FsckReport.json(out) : FsckReport.text(out);
        if (arguments.has("repair")) {
            try (StoreRest _ = StoreRest.take(root)) {
                return check(root, arguments.has("digest"), true, report);
            }
        }
        if (!StoreNodes.living(root).isEmpty()) {
            err.println("The store is in use: what changes meanwhile may be reported wrongly.");
        }
        return check(root, arguments.has("digest"), false, report);
    }

    private static int check(Path path, boolean digest, boolean repair, FsckReport report) throws IOException {
        Set<Incarnation> live = StoreNodes.living(path).stream()
                .map(node -> new Incarnation(node.incarnation()))
                .collect(Collectors.toSet());
        try (StoreRoot root = StoreRoot.open(new NativePosix(), path)) {
            List<Planned> planned = new ArrayList<>();
            int[] worth = {0};
            Fsck.Summary summary = Fsck.run(root, new Fsck.Options(digest, repair, live), finding -> {
                report.finding(finding);
                int counts = finding.severity() == Finding.Severity.INFO ? 0 : 1;
                worth[0] += counts;
                Optional<Repair> safe = repair ? Repair.of(finding) : Optional.empty();
                if (safe.isPresent() && planned.size() < MOST_REPAIRS) {
                    planned.add(new Planned(safe.get(), counts));
                }
            });
            int made = 0;
            Repairs repairs = new Repairs(root);
            for (Planned one : planned) {
                if (repairs.apply(one.repair())) {
                    made++;
                    worth[0] -= one.counts();
                }
            }
            report.end(summary, repair ? planned.size() : -1, made);
            return worth[0] == 0 ? ExitCode.OK : ExitCode.DEGRADED;
        }
    }
}
