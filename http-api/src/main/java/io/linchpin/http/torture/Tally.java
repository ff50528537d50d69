package io.linchpin.http.torture;

import io.linchpin.http.torture.check.Call;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** What was sent, and what was answered that is neither yes nor no. */
final class Tally {
    /** Distinct ones; all further ones count as one kind. */
    private static final int MOST_FAILURES = 30;

    private final Map<Call, Long> calls = new EnumMap<>(Call.class);
    private final Map<String, Long> failures = new TreeMap<>();

    synchronized void call(Call call) {
        calls.merge(call, 1L, Long::sum);
    }

    synchronized void failure(Call call, String words) {
        String what = call + ": " + words;
        failures.merge(failures.containsKey(what) || failures.size() < MOST_FAILURES ? what : "others", 1L, Long::sum);
    }

    synchronized long sum() {
        return calls.values().stream().mapToLong(Long::longValue).sum();
    }

    synchronized Map<Call, Long> calls() {
        return new EnumMap<>(calls);
    }

    synchronized Map<String, Long> failures() {
        return new TreeMap<>(failures);
    }
}
