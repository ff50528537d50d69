package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Crowd;
import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.NodeJvm;
import io.linchpin.it.harness.Upload;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Clients that write through all nodes' ports until told to stop: keys of their own, keys that all share, deletes, multipart
 * uploads; and what may be found afterwards.
 */
final class Traffic implements AutoCloseable {
    private static final int SHARED_KEYS = 5;
    private static final int CHECKERS = 12;
    private static final int PAUSE_MILLIS = 30;
    /** Before a client that found nobody, or a busy owner, tries again. */
    private static final int REFUSED_PAUSE_MILLIS = 100;
    /** What a key of one client may hold: no object. */
    private static final long NOTHING = 0;

    private final Http http;
    private final String bucket;
    private final AtomicLong numbers = new AtomicLong();
    private final List<SharedKey> shared;
    /** By target: upload numbers, negative for those in parts, {@link #NOTHING} where it may be absent. */
    private final Map<String, Set<Long>> own = new ConcurrentHashMap<>();

    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong unknown = new AtomicLong();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final List<Future<?>> running = new ArrayList<>();
    private volatile boolean stopped;

    private Traffic(Http http, String bucket) {
        this.http = http;
        this.bucket = bucket;
        this.shared = IntStream.range(0, SHARED_KEYS)
                .mapToObj(i -> new SharedKey("/" + bucket + "/shared/" + i))
                .toList();
    }

    /** Starts so many clients over the ports of all nodes in turn. */
    static Traffic start(Cluster cluster, String bucket, int clients, long seed) {
        Traffic traffic = new Traffic(cluster.http(), bucket);
        for (int i = 0; i < clients; i++) {
            Client client = traffic.new Client(new Random(seed + i));
            traffic.running.add(traffic.threads.submit(() -> {
                client.run();
                return null;
            }));
        }
        return traffic;
    }

    /** One client: one request at a time. */
    private final class Client {
        private final Random random;
        private final List<String> deletable = new ArrayList<>();

        Client(Random random) {
            this.random = random;
        }

        void run() throws InterruptedException {
            while (!stopped) {
                Learned learned = turn();
                switch (learned) {
                    case Learned.Accepted _ -> accepted.incrementAndGet();
                    case Learned.Unknown _ -> unknown.incrementAndGet();
                    case Learned.Refused _ -> refused.incrementAndGet();
                }
                boolean busy = learned instanceof Learned.Refused;
                Thread.sleep(random.nextInt(PAUSE_MILLIS) + (busy ? REFUSED_PAUSE_MILLIS : 0));
            }
        }

        private Learned turn() throws InterruptedException {
            int dice = random.nextInt(100);
            SharedKey key = shared.get(random.nextInt(SHARED_KEYS));
            if (dice < 45) {
                return putOwn();
            } else if (dice < 55 && !deletable.isEmpty()) {
                return deleteOwn(deletable.remove(random.nextInt(deletable.size())));
            } else if (dice < 57) {
                return parts();
            } else if (dice < 80) {
                return key.put(http, new Upload(numbers.incrementAndGet()));
            } else if (dice < 83) {
                return key.delete(http);
            }
            return read(key);
        }

        private Learned putOwn() {
            Upload upload = new Upload(numbers.incrementAndGet());
            String target = "/" + bucket + "/own/" + upload.number() % 97 + "/" + upload.number();
            Learned learned = Learned.of(200, () -> http.put(target, upload.body(), upload.headers()));
            note(target, NOTHING, upload.number(), learned);
            if (learned instanceof Learned.Accepted) {
                deletable.add(target);
            }
            return learned;
        }

        private Learned deleteOwn(String target) {
            long number = own.getOrDefault(target, Set.of()).iterator().next();
            Learned learned = Learned.of(204, () -> http.send("DELETE", target));
            note(target, number, NOTHING, learned);
            return learned;
        }

        private Learned parts() throws InterruptedException {
            TwoParts object = new TwoParts(numbers.incrementAndGet());
            String target = "/" + bucket + "/parts/" + object.number();
            Learned learned = object.upload(http, target);
            note(target, NOTHING, -object.number(), learned);
            return learned;
        }
    }

    /** Puts all of these at the same moment, besides; each a key that nothing else writes. */
    void burst(List<String> targets, List<NodeJvm> through) {
        for (int i = 0; i < targets.size(); i++) {
            String target = targets.get(i);
            NodeJvm node = through.get(i % through.size());
            Upload upload = new Upload(numbers.incrementAndGet());
            running.add(threads.submit(() -> {
                Http one = new Http(node::port);
                Learned learned = Learned.of(200, () -> one.put(target, upload.body(), upload.headers()));
                note(target, NOTHING, upload.number(), learned);
            }));
        }
    }

    private Learned read(SharedKey key) {
        return Learned.of(200, () -> {
            Http.Answer[] answer = new Http.Answer[1];
            key.read(() -> answer[0] = http.get(key.target()));
            return answer[0].status() == 404 ? new Http.Answer(200, answer[0].headers(), new byte[0]) : answer[0];
        });
    }

    private void note(String target, long before, long after, Learned learned) {
        own.put(
                target,
                switch (learned) {
                    case Learned.Accepted _ -> Set.of(after);
                    case Learned.Refused _ -> Set.of(before);
                    case Learned.Unknown _ -> Set.of(before, after);
                });
    }

    /** Waits until every client has had its last answer; fails where one has seen what may not be. */
    void stop() throws Exception {
        stopped = true;
        for (Future<?> one : running) {
            try {
                one.get(3, TimeUnit.MINUTES);
            } catch (ExecutionException e) {
                throw new AssertionError("a client failed: " + e.getCause(), e.getCause());
            }
        }
        System.out.println(accepted + " requests accepted, " + refused + " refused, " + unknown + " unknown; "
                + own.size() + " keys of one client each");
    }

    /** Whether no client has failed yet. */
    boolean isWell() {
        return running.stream().noneMatch(one -> one.state() == Future.State.FAILED);
    }

    /** After the end: every key holds what it may, whole, whichever node is asked. */
    void check(Cluster cluster) throws Exception {
        List<Map.Entry<String, Set<Long>>> all = List.copyOf(own.entrySet());
        AtomicLong next = new AtomicLong();
        Crowd.once(Collections.nCopies(CHECKERS, who -> {
            for (int i = (int) next.getAndIncrement(); i < all.size(); i = (int) next.getAndIncrement()) {
                checkOwn(all.get(i).getKey(), all.get(i).getValue());
            }
        }));
        for (int node = 0; node < cluster.nodes().size(); node++) {
            Http one = new Http(cluster.node(node)::port);
            for (SharedKey key : shared) {
                key.read(() -> one.get(key.target()));
            }
        }
    }

    private void checkOwn(String target, Set<Long> allowed) {
        Http.Answer answer = http.get(target);
        if (answer.status() == 404) {
            assertEquals(true, allowed.contains(NOTHING), target + " is gone, and may hold only " + allowed);
            return;
        }
        assertEquals(200, answer.status(), answer::toString);
        boolean one = allowed.stream()
                .anyMatch(number -> number < 0
                        ? new TwoParts(-number).is(answer)
                        : number > 0
                                && answer.header("x-amz-meta-upload").equals("" + number)
                                && Upload.of(answer).number() == number);
        assertEquals(true, one, target + " may hold only " + allowed + ", and holds " + answer);
    }

    @Override
    public void close() {
        stopped = true;
        threads.shutdownNow();
    }
}
