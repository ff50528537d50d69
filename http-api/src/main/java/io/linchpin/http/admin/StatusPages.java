package io.linchpin.http.admin;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linchpin.cluster.node.ClusterStatus;
import io.linchpin.cluster.node.ClusterView;
import io.linchpin.http.operation.S3Response;
import io.linchpin.http.server.Dispatcher;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Failure;
import java.nio.charset.StandardCharsets;
import java.util.function.IntSupplier;

/**
 * The pages, as JSON, without authentication (they name no bucket and no key):
 *
 * <ul>
 *   <li>{@code /-/live}: 200 as long as this process answers;
 *   <li>{@code /-/ready}: 200 where every shard of the cluster is served, else 503 with what it waits for;
 *   <li>{@code /-/status}: nodes, shards and their owners;
 *   <li>{@code /-/node}: this node alone; on its own loopback port only.
 * </ul>
 */
public final class StatusPages implements Dispatcher.AdminPages {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ClusterView view;
    private final IntSupplier connections;
    private final IntSupplier requests;
    private final boolean own;

    /**
     * Pages of one port.
     *
     * @param requests how many are being answered
     * @param own whether the port is the node's own
     */
    public StatusPages(ClusterView view, IntSupplier connections, IntSupplier requests, boolean own) {
        this.view = view;
        this.connections = connections;
        this.requests = requests;
        this.own = own;
    }

    @Override
    public S3Response answer(String method, String path) {
        if (!method.equals("GET") && !method.equals("HEAD")) {
            throw S3Failure.of(ErrorCode.MethodNotAllowed).exception();
        }
        return switch (path) {
            case "/-/live" -> json(200, JSON.createObjectNode().put("live", true));
            case "/-/ready" -> ready();
            case "/-/status" -> json(200, JSON.valueToTree(view.status()));
            case "/-/node" -> own ? node() : notFound();
            default -> notFound();
        };
    }

    private S3Response ready() {
        ClusterStatus status = view.status();
        ObjectNode json = JSON.createObjectNode().put("ready", status.ready());
        status.waitingFor().forEach(json.putArray("waitingFor")::add);
        return json(status.ready() ? 200 : 503, json);
    }

    private S3Response node() {
        ClusterStatus status = view.status();
        return json(
                200,
                JSON.createObjectNode()
                        .put("incarnation", status.self())
                        .put("state", status.state().name())
                        .put("ready", status.ready())
                        .put("pid", ProcessHandle.current().pid())
                        .put("connections", connections.getAsInt())
                        .put("requestsInFlight", requests.getAsInt()));
    }

    private static S3Response notFound() {
        return json(404, JSON.createObjectNode().put("error", "there is no such page"));
    }

    private static S3Response json(int status, ObjectNode json) {
        try {
            byte[] text = (JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            return S3Response.of(status)
                    .header("Cache-Control", "no-store")
                    .body(new S3Response.Body.Bytes("application/json", text));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
