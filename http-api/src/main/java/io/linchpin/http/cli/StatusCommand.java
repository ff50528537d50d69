package io.linchpin.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linchpin.http.supervisor.StoreNodes;
import io.linchpin.http.supervisor.SupervisorLock;
import io.linchpin.http.supervisor.UpSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code linchpin status}: who lives, by the kernel's locks, and what the first node that answers says of the cluster. Nodes
 * that are down or stopped do not keep it from answering.
 */
final class StatusCommand {
    private static final ObjectMapper JSON = new ObjectMapper();

    private StatusCommand() {}

    static int run(List<String> options, PrintStream out, PrintStream err) throws UsageException, IOException {
        Arguments arguments = Arguments.parse(options, Set.of("root"), Set.of("json"));
        Path root = Cli.root(arguments);
        ObjectNode status = collect(root);
        if (arguments.has("json")) {
            out.println(JSON.writerWithDefaultPrettyPrinter().writeValueAsString(status));
        } else if (status.path("nodes").isEmpty()) {
            err.println("Nothing serves " + root
                    + (status.has("repairPid")
                            ? ": fsck --repair (pid " + status.path("repairPid").asLong() + ") is at work on it."
                            : ". linchpin up starts it; --root names another store."));
        } else {
            StatusText.print(status, System.currentTimeMillis(), out);
        }
        return exitStatus(status);
    }

    /** A node that answers but is not ready is no outage: whoever watches must be able to tell a start from a crash. */
    static int exitStatus(JsonNode status) {
        boolean answered = false;
        boolean well = !status.path("cluster").isMissingNode();
        for (JsonNode node : status.path("nodes")) {
            answered |= node.path("answers").asBoolean();
            well &= node.path("ready").asBoolean();
        }
        for (JsonNode shard : status.path("cluster").path("shards")) {
            well &= !shard.path("owner").asText("").isEmpty();
        }
        if (!answered) {
            return ExitCode.UNREACHABLE;
        }
        return well ? ExitCode.OK : ExitCode.DEGRADED;
    }

    private static ObjectNode collect(Path root) throws IOException {
        ObjectNode status = JSON.createObjectNode();
        status.put("root", root.toString());
        Optional<SupervisorLock.Holder> supervisor = SupervisorLock.holder(root);
        supervisor.ifPresent(holder -> {
            if (holder.port() > 0) {
                status.put("endpoint", UpSettings.endpoint(holder.host(), holder.port()));
                status.put("supervisorPid", holder.pid());
            } else {
                status.put("repairPid", holder.pid());
            }
        });
        ArrayNode nodes = status.putArray("nodes");
        Optional<JsonNode> cluster = Optional.empty();
        for (StoreNodes.Living living : StoreNodes.living(root)) {
            String endpoint = Endpoints.ofLoopbackPort(living.httpPort());
            Optional<Endpoints.Answer> ready =
                    living.httpPort() == 0 ? Optional.empty() : Endpoints.get(endpoint, "/-/ready");
            ObjectNode node = nodes.addObject();
            node.put("incarnation", living.incarnation());
            node.put("pid", living.pid());
            node.put("httpPort", living.httpPort());
            node.put("answers", ready.isPresent());
            node.put("ready", ready.isPresent() && ready.get().status() == 200);
            if (cluster.isEmpty() && ready.isPresent()) {
                cluster = clusterStatus(endpoint);
            }
        }
        cluster.ifPresent(json -> status.set("cluster", json));
        return status;
    }

    private static Optional<JsonNode> clusterStatus(String endpoint) {
        return Endpoints.get(endpoint, "/-/status")
                .filter(answer -> answer.status() == 200)
                .map(answer -> {
                    try {
                        return JSON.readTree(answer.body());
                    } catch (IOException notJson) {
                        return null;
                    }
                });
    }
}
