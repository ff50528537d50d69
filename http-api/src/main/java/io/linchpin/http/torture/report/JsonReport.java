package io.linchpin.http.torture.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linchpin.http.torture.check.Symptoms;
import java.util.Map;

/** The summary for a machine: one document. */
public final class JsonReport {
    private static final ObjectMapper JSON = new ObjectMapper();

    private JsonReport() {}

    public static String of(Summary summary) {
        ObjectNode root = JSON.createObjectNode();
        root.put("subject", summary.subject());
        root.put("violated", summary.isViolated());
        root.put("load", summary.load());
        root.put("features", summary.features());
        summary.missing().ifPresent(missing -> root.put("missing", missing));
        root.put("operations", summary.operations());
        ObjectNode calls = root.putObject("calls");
        summary.calls().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> calls.put(one.getKey().name(), one.getValue()));
        ObjectNode failures = root.putObject("failures");
        summary.failures().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(one -> failures.put(one.getKey(), one.getValue()));
        Symptoms s = summary.symptoms();
        root.putObject("keys")
                .put("checked", summary.keys())
                .put("notLinearizable", summary.notLinearizable())
                .put("undecided", summary.undecided())
                .put("mixedAtRest", summary.mixedAtRest());
        root.putObject("counts")
                .put("reads", s.reads())
                .put("torn", s.torn())
                .put("updates", s.updates())
                .put("lostUpdates", s.lostUpdates())
                .put("creates", s.creates())
                .put("extraWinners", s.extraWinners())
                .put("missing", s.missing())
                .put("stale", s.stale())
                .put("early", s.early())
                .put("unknownOutcomes", s.unknown());
        ArrayNode defects = root.putArray("defects");
        summary.defects().forEach(defect -> {
            ObjectNode node = defects.addObject();
            node.put("kind", defect.kind().name()).put("key", defect.key()).put("sentence", defect.sentence());
            ArrayNode proof = node.putArray("proof");
            defect.proof().forEach(one -> proof.add(HistoryFile.json(one)));
        });
        summary.histories().ifPresent(file -> root.put("histories", file.toString()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of plain values", e);
        }
    }
}
