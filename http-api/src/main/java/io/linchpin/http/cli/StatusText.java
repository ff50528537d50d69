package io.linchpin.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The status as a person reads it: a summary, a line a node, and what is amiss in sentences. */
final class StatusText {
    private static final String ROW = "%-20s %8s %6s  %-15s %-9s %6s %7s  %-18s %s%n";

    private final JsonNode status;
    private final JsonNode cluster;
    private final long nowEpochMillis;

    private StatusText(JsonNode status, long nowEpochMillis) {
        this.status = status;
        this.cluster = status.path("cluster");
        this.nowEpochMillis = nowEpochMillis;
    }

    /** @param nowEpochMillis what times are told against */
    static void print(JsonNode status, long nowEpochMillis, PrintStream out) {
        new StatusText(status, nowEpochMillis).print(out);
    }

    private void print(PrintStream out) {
        String endpoint = status.path("endpoint").asText();
        out.println("Store     " + status.path("root").asText());
        out.println("Endpoint  " + (endpoint.isEmpty() ? "(nodes were started one by one)" : endpoint));
        Map<String, Integer> shardsOf = shardsOf();
        if (cluster.isMissingNode()) {
            out.println("Cluster   no node answers");
        } else {
            int served = shardsOf.values().stream().mapToInt(Integer::intValue).sum();
            out.printf(
                    "Cluster   %s: %d of %d shards served, %d uploads in flight%n",
                    cluster.path("ready").asBoolean() ? "ready" : "not ready",
                    served,
                    cluster.path("shards").size(),
                    cluster.path("uploadsInFlight").asInt());
        }
        for (JsonNode sentence : cluster.path("waitingFor")) {
            out.println("          " + sentence.asText());
        }
        out.println();
        out.printf(ROW, "NODE", "PID", "PORT", "STATE", "MEMBER", "SHARDS", "UPLOADS", "JOURNAL", "CHECKPOINT");
        for (JsonNode node : status.path("nodes")) {
            row(node, shardsOf, out);
        }
    }

    private Map<String, Integer> shardsOf() {
        Map<String, Integer> counts = new HashMap<>();
        for (JsonNode shard : cluster.path("shards")) {
            String owner = shard.path("owner").asText("");
            if (!owner.isEmpty()) {
                counts.merge(owner, 1, Integer::sum);
            }
        }
        return counts;
    }

    private void row(JsonNode node, Map<String, Integer> shardsOf, PrintStream out) {
        String incarnation = node.path("incarnation").asText();
        JsonNode told = told(incarnation);
        JsonNode journal = told.path("journal");
        boolean hasJournal = journal.isObject();
        out.printf(
                ROW,
                incarnation,
                node.path("pid").asText(),
                node.path("httpPort").asInt() == 0 ? "-" : node.path("httpPort").asText(),
                state(node),
                told.path("membership").asText("-"),
                cluster.isMissingNode() ? "-" : shardsOf.getOrDefault(incarnation, 0),
                told.path("uploadsInFlight").isNumber()
                        ? told.path("uploadsInFlight").asText()
                        : "-",
                hasJournal ? journal(journal) : "-",
                hasJournal
                        ? checkpoint(journal.path("lastCheckpointEpochMillis").asLong())
                        : "-");
    }

    private JsonNode told(String incarnation) {
        for (JsonNode node : cluster.path("nodes")) {
            if (node.path("incarnation").asText().equals(incarnation)) {
                return node;
            }
        }
        return MissingNode.getInstance();
    }

    private static String state(JsonNode node) {
        if (node.path("ready").asBoolean()) {
            return "ready";
        }
        return node.path("answers").asBoolean() ? "not ready" : "does not answer";
    }

    private static String journal(JsonNode journal) {
        double mebibytes = journal.path("liveBytes").asLong() / 1048576.0;
        return String.format(
                Locale.ROOT,
                "%.1f MiB, %d open",
                mebibytes,
                journal.path("recordsInFlight").asLong());
    }

    private String checkpoint(long epochMillis) {
        return epochMillis == 0 ? "none yet" : Math.max(0, (nowEpochMillis - epochMillis) / 1000) + " s ago";
    }
}
