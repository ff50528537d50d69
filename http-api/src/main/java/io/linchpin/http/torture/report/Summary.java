package io.linchpin.http.torture.report;

import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.Defect;
import io.linchpin.http.torture.check.Symptoms;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a run, or a replay, found.
 *
 * @param subject the endpoint's URL, or the file that was replayed
 * @param load what was sent, in words; empty for a replay
 * @param features what was raced with; empty for a replay
 * @param missing what the endpoint has not, with reasons
 * @param failures answers that were neither yes nor no, with their counts
 * @param keys whose histories were checked
 * @param notLinearizable those of them that no order explains
 * @param undecided those of them whose search was given up
 * @param mixedAtRest those of them that were left in a mixture
 * @param defects the smallest proof of each kind, the worst first
 * @param histories where histories were written
 */
public record Summary(
        String subject,
        String load,
        String features,
        Optional<String> missing,
        Map<Call, Long> calls,
        Map<String, Long> failures,
        Symptoms symptoms,
        int keys,
        int notLinearizable,
        int undecided,
        int mixedAtRest,
        List<Defect> defects,
        Optional<Path> histories) {
    public Summary {
        calls = Map.copyOf(calls);
        failures = Map.copyOf(failures);
        defects = List.copyOf(defects);
    }

    public boolean isViolated() {
        return notLinearizable > 0 || mixedAtRest > 0 || !symptoms.isClean();
    }

    public long operations() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }
}
