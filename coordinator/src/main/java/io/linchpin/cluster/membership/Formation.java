package io.linchpin.cluster.membership;

import io.linchpin.posix.KernelLock;
import io.linchpin.store.node.NodeInfo;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.Peer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.pekko.actor.Address;
import org.apache.pekko.cluster.Cluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins the cluster, or forms it: whoever holds the formation lock and finds no living node that has joined joins itself,
 * and keeps the lock until it is Up. All others join those. No seed nodes, so no waiting for them.
 */
public final class Formation {
    private static final Logger LOG = LoggerFactory.getLogger(Formation.class);

    /** After this long without being Up the nodes to join are looked up again: they may have died. */
    private static final Duration ATTEMPT = Duration.ofSeconds(2);

    private final Cluster cluster;
    private final NodeLocks locks;

    public Formation(Cluster cluster, NodeLocks locks) {
        this.cluster = cluster;
        this.locks = locks;
    }

    /**
     * Returns when this node is a member and Up; blocks.
     *
     * @param patience how long at most
     * @throws TimeoutException where it took longer: a member that is stuck holds up joining until it is fenced
     */
    public void join(Duration patience) throws IOException, InterruptedException, TimeoutException {
        CompletableFuture<Boolean> up = new CompletableFuture<>();
        cluster.registerOnMemberUp(() -> up.complete(true));
        long deadline = System.nanoTime() + patience.toNanos();
        List<Address> joining = List.of();
        while (!up.isDone()) {
            Duration left = Duration.ofNanos(deadline - System.nanoTime());
            if (left.isNegative()) {
                throw new TimeoutException(inVain(patience, joinablePeers()));
            }
            try (KernelLock _ = locks.formation(left)) {
                List<Address> joinable = joinable();
                if (joinable.isEmpty()) {
                    LOG.info("no living node has joined yet: forming the cluster");
                    cluster.join(cluster.selfAddress());
                    await(up, left);
                    publishJoined();
                } else if (!joinable.equals(joining)) {
                    joining = joinable;
                    cluster.joinSeedNodes(joinable);
                }
            }
            await(up, left.compareTo(ATTEMPT) < 0 ? left : ATTEMPT);
        }
        publishJoined();
    }

    /** Where only a node that stands still is left nobody fences it, and it lets nobody in: its end is not ours to decide. */
    static String inVain(Duration patience, List<Peer> joinable) {
        String told = "not a member of the cluster after " + patience.toSeconds() + " s";
        if (joinable.isEmpty()) {
            return told;
        }
        String named = joinable.stream()
                .map(peer -> peer.incarnation() + " (pid "
                        + Optional.ofNullable(peer.info()).map(NodeInfo::pid).orElse(0L) + ")")
                .collect(Collectors.joining(", "));
        return told + ": it has not been let in by " + named + ". Resume or kill whichever stands still";
    }

    private List<Peer> joinablePeers() throws IOException {
        return locks.peers().stream()
                .filter(peer -> !peer.incarnation().equals(locks.self()))
                .filter(Peer::isJoinable)
                .toList();
    }

    private List<Address> joinable() throws IOException {
        String protocol = cluster.selfAddress().protocol();
        String system = cluster.selfAddress().system();
        return joinablePeers().stream()
                .map(Peer::info)
                .flatMap(info -> info == null
                        ? java.util.stream.Stream.empty()
                        : java.util.stream.Stream.of(new Address(protocol, system, info.host(), info.clusterPort())))
                .toList();
    }

    private void publishJoined() throws IOException {
        locks.publish(info -> info.withState(NodeInfo.State.JOINED));
    }

    private static void await(CompletableFuture<Boolean> up, Duration atMost) throws InterruptedException {
        try {
            up.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // The caller looks at the future.
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
