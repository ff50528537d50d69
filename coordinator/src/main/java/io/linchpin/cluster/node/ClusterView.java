package io.linchpin.cluster.node;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** The newest picture of the cluster, to be read by any thread at any time. */
public final class ClusterView {
    private final AtomicReference<ClusterStatus> status;
    private final CompletableFuture<Void> allServed = new CompletableFuture<>();

    ClusterView(ClusterStatus first) {
        this.status = new AtomicReference<>(first);
    }

    public ClusterStatus status() {
        return status.get();
    }

    /** Whether every shard of the cluster was served when last looked at, a moment ago. */
    public boolean isReady() {
        return status.get().ready();
    }

    /** Completes when every shard of the cluster has been served at one moment. */
    CompletableFuture<Void> allServed() {
        return allServed;
    }

    void show(ClusterStatus newer, boolean everyShardServed) {
        status.set(newer);
        if (everyShardServed) {
            allServed.complete(null);
        }
    }
}
