package io.linchpin.http.torture.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linchpin.http.torture.check.Call;
import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Operation;
import io.linchpin.http.torture.check.Outcome;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Histories as lines of JSON, each key's together:
 *
 * <pre>
 * {"linchpin-torture":1,"endpoint":"http://127.0.0.1:9000"}
 * {"key":"k0000012-update","mixedAtRest":false}
 * {"n":1,"client":3,"call":"PUT","outcome":"DONE","expects":0,"writes":1,"fromNanos":120,"toNanos":950}
 * {"n":2,"client":1,"call":"GET","outcome":"DONE","sees":1,"fromNanos":990,"toNanos":1400}
 * </pre>
 *
 * What does not apply is left out: {@code expects} of a write without condition, {@code toNanos} of an unknown outcome.
 */
public final class HistoryFile implements AutoCloseable {
    private static final String FORMAT = "linchpin-torture";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter out;

    private HistoryFile(BufferedWriter out) {
        this.out = out;
    }

    /** Begins a file; one of that name is replaced. */
    public static HistoryFile create(Path file, String endpoint) throws IOException {
        HistoryFile histories = new HistoryFile(Files.newBufferedWriter(file));
        histories.line(JSON.createObjectNode().put(FORMAT, 1).put("endpoint", endpoint));
        return histories;
    }

    private void line(ObjectNode node) throws IOException {
        out.write(JSON.writeValueAsString(node));
        out.write('\n');
    }

    /** Appends one key's history. */
    public synchronized void write(KeyHistory history) throws IOException {
        line(JSON.createObjectNode().put("key", history.key()).put("mixedAtRest", history.mixedAtRest()));
        for (Operation one : history.operations()) {
            line(json(one));
        }
    }

    static ObjectNode json(Operation one) {
        ObjectNode node = JSON.createObjectNode().put("n", one.number()).put("client", one.client());
        node.put("call", one.call().name()).put("outcome", one.outcome().name());
        putUnless(node, "expects", one.expects(), Operation.ANY);
        putUnless(node, "writes", one.writes(), Operation.ANY);
        putUnless(node, "sees", one.sees(), Operation.ANY);
        putUnless(node, "fromNanos", one.fromNanos(), -1);
        putUnless(node, "toNanos", one.toNanos(), Operation.NEVER);
        if (!one.note().isEmpty()) {
            node.put("note", one.note());
        }
        return node;
    }

    private static void putUnless(ObjectNode node, String name, long value, long none) {
        if (value != none) {
            node.put(name, value);
        }
    }

    @Override
    public void close() throws IOException {
        out.close();
    }

    /**
     * Reads a file, one key at a time.
     *
     * @throws IOException with the number of the line that is not understood
     */
    public static void read(Path file, Consumer<KeyHistory> each) throws IOException {
        int number = 0;
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            Open open = new Open(each);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                if (number == 1) {
                    checkFormat(JSON.readTree(line));
                } else if (!line.isBlank()) {
                    open.take(JSON.readTree(line));
                }
            }
            open.end();
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new IOException(file + ", line " + number + ": " + e.getMessage(), e);
        }
    }

    private static void checkFormat(@Nullable JsonNode head) {
        if (head == null || head.path(FORMAT).asInt() != 1) {
            throw new IllegalArgumentException("not a file of histories of linchpin torture, format 1");
        }
    }

    /** The key whose operations are being read. */
    private static final class Open {
        private final Consumer<KeyHistory> each;
        private final List<Operation> operations = new ArrayList<>();
        private @Nullable JsonNode head;

        private Open(Consumer<KeyHistory> each) {
            this.each = each;
        }

        private void take(JsonNode node) {
            if (node.has("key")) {
                end();
                head = node;
            } else if (head == null || operations.size() == KeyHistory.MOST_OPERATIONS) {
                throw new IllegalArgumentException("an operation of no key, or one too many of it");
            } else {
                operations.add(operation(node));
            }
        }

        private void end() {
            if (head != null) {
                each.accept(new KeyHistory(
                        head.path("key").asText(), head.path("mixedAtRest").asBoolean(), operations));
            }
            operations.clear();
        }

        private static Operation operation(JsonNode node) {
            return new Operation(
                    node.path("n").asInt(-1),
                    node.path("client").asInt(0),
                    Call.valueOf(node.path("call").asText().toUpperCase(Locale.ROOT)),
                    Outcome.valueOf(node.path("outcome").asText().toUpperCase(Locale.ROOT)),
                    node.path("expects").asInt(Operation.ANY),
                    node.path("writes").asInt(Operation.ANY),
                    node.path("sees").asInt(Operation.ANY),
                    node.path("fromNanos").asLong(-1),
                    node.path("toNanos").asLong(Operation.NEVER),
                    node.path("note").asText(""));
        }
    }
}
