package io.linchpin.cluster.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.cluster.shard.OwnerBehaviors;
import io.linchpin.cluster.shard.OwnerId;
import io.linchpin.cluster.shard.Owners;
import io.linchpin.cluster.shard.ShardAgent;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.NativePosix;
import io.linchpin.store.layout.Names;
import io.linchpin.store.node.Fatal;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.BitSet;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A node in a process of its own, which obeys lines on its standard input and answers on its standard output.
 *
 * <pre>
 * prints   READY &lt;incarnation&gt; &lt;milliseconds since the JVM began&gt;
 * probe &lt;incarnation,…&gt;     asks every shard until none of those answers for it: SERVED &lt;ms&gt;, or UNSERVED &lt;shard …&gt; after 15 s
 * probe-but &lt;incarnation,…&gt; &lt;shard,…&gt;   the same without those shards
 * held &lt;shard,…&gt;            how many of those have their lock held while nobody serves them: HELD &lt;count&gt;
 * who                       who serves each shard, without waiting: WHO &lt;shard&gt;=&lt;incarnation&gt;@&lt;epoch&gt; …
 * status                    the status's nodes: STATUS &lt;ready&gt; &lt;incarnation&gt;=&lt;membership&gt; …
 * leave
 * </pre>
 */
final class TestNode {
    private static final Duration ANSWER = Duration.ofMillis(250);
    private static final long PROBE_LIMIT_MILLIS = 15_000;

    private TestNode() {}

    public static void main(String[] args) throws Exception {
        try {
            run(args);
        } catch (Exception e) {
            e.printStackTrace();
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(String[] args) throws Exception {
        Config overrides = ConfigFactory.parseMap(Map.of("linchpin.root", args[0]))
                .withFallback(ConfigFactory.parseString(args.length > 1 ? args[1] : ""));
        NodeSettings settings = NodeSettings.load(Optional.empty(), overrides);
        ShardStoreFactory stores =
                overrides.hasPath("test.real-store") ? new LocalStores(settings.store()) : FileShardStore.factory();
        LinchpinNode node = LinchpinNode.start(
                settings,
                new LinchpinNode.Parts(
                        new NativePosix(), stores, _ -> new OwnerBehaviors(), (_, _) -> {}, Fatal.halting(), () -> {}));
        long since = ProcessHandle.current().info().startInstant().orElseThrow().toEpochMilli();
        System.out.println("READY " + node.locks().self() + " " + (System.currentTimeMillis() - since));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            obey(node, line.split(" ", -1));
        }
    }

    private static void obey(LinchpinNode node, String[] words) throws Exception {
        switch (words[0]) {
            case "probe" -> System.out.println(probe(node.owners(), Set.of(words[1].split(",", -1)), Set.of()));
            case "probe-but" ->
                System.out.println(probe(node.owners(), Set.of(words[1].split(",", -1)), shards(words[2])));
            case "held" -> System.out.println("HELD " + heldElsewhere(node, shards(words[1])));
            case "who" -> System.out.println(who(node.view().status()));
            case "status" -> System.out.println(status(node.view().status()));
            case "leave" -> node.leave();
            default -> throw new IllegalArgumentException(words[0]);
        }
    }

    private static Set<Integer> shards(String words) {
        return words.equals("-")
                ? Set.of()
                : Stream.of(words.split(",", -1)).map(Integer::valueOf).collect(Collectors.toSet());
    }

    /** How many of these shards have their lock held, and not by this process: it is asked for none of them. */
    private static int heldElsewhere(LinchpinNode node, Set<Integer> shards) throws Exception {
        int held = 0;
        for (int shard : shards) {
            if (KernelLock.isHeldBySomebody(node.root().posix(), node.root().fd(), Names.shard(shard))) {
                held++;
            }
            ShardAgent.Serving serving = serving(node, shard);
            if (serving != null) {
                throw new IllegalStateException("shard " + shard + " is served by " + serving);
            }
        }
        return held;
    }

    private static ShardAgent.@Nullable Serving serving(LinchpinNode node, int shard) throws Exception {
        try {
            return node.owners()
                    .<ShardAgent.Serving>ask(OwnerId.ofShard(shard), ShardAgent.WhoServes::new, Duration.ofMillis(50))
                    .toCompletableFuture()
                    .get();
        } catch (java.util.concurrent.ExecutionException e) {
            return null;
        }
    }

    private static String probe(Owners owners, Set<String> gone, Set<Integer> leftOut) throws InterruptedException {
        long begin = System.nanoTime();
        Set<Integer> served = ConcurrentHashMap.newKeySet();
        served.addAll(leftOut);
        long elapsedMillis = 0;
        while (served.size() < owners.shards() && elapsedMillis < PROBE_LIMIT_MILLIS) {
            for (int shard = 0; shard < owners.shards(); shard++) {
                if (!served.contains(shard)) {
                    owners.<ShardAgent.Serving>ask(OwnerId.ofShard(shard), ShardAgent.WhoServes::new, ANSWER)
                            .thenAccept(serving -> {
                                if (!gone.contains(serving.incarnation().value())) {
                                    served.add(serving.shard());
                                }
                            });
                }
            }
            Thread.sleep(20);
            elapsedMillis = (System.nanoTime() - begin) / 1_000_000;
        }
        if (served.size() == owners.shards()) {
            return "SERVED " + elapsedMillis;
        }
        BitSet unserved = new BitSet();
        unserved.set(0, owners.shards());
        served.forEach(unserved::clear);
        return "UNSERVED " + unserved;
    }

    private static String who(ClusterStatus status) {
        StringBuilder line = new StringBuilder("WHO");
        status.shards()
                .forEach(shard -> line.append(' ')
                        .append(shard.shard())
                        .append('=')
                        .append(shard.owner())
                        .append('@')
                        .append(shard.epoch()));
        return line.toString();
    }

    private static String status(ClusterStatus status) {
        StringBuilder line = new StringBuilder("STATUS ").append(status.ready());
        Set<String> seen = new HashSet<>();
        status.nodes().forEach(node -> {
            if (seen.add(node.incarnation())) {
                line.append(' ').append(node.incarnation()).append('=').append(node.membership());
            }
        });
        return line.toString();
    }
}
