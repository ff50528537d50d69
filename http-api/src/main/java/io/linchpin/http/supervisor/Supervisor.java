package io.linchpin.http.supervisor;

import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * {@code linchpin up}: takes the store's supervisor lock and the public port, takes over nodes that a former supervisor
 * left, starts the rest, and watches them all until it is asked to stop.
 */
public final class Supervisor {
    private static final long TICK_MILLIS = 100;

    /** A node drains its requests for up to 20 s (drain-patience), and then hands over its shards. */
    private static final long STOP_LIMIT_MILLIS = 60_000;

    private final UpSettings settings;
    private final Announcer announcer;
    private final Path logs;
    private final List<Place> places = new ArrayList<>();
    private final CountDownLatch stopAsked = new CountDownLatch(1);

    private Supervisor(UpSettings settings, Announcer announcer) {
        this.settings = settings;
        this.announcer = announcer;
        this.logs = settings.root().resolve(Names.LOG);
    }

    /**
     * Runs until SIGINT or SIGTERM, and then until every node has stopped.
     *
     * @throws RefusedException where the store or the port is in use, or a node refuses to start
     */
    public static void run(UpSettings settings, Announcer announcer, Map<String, String> environment)
            throws IOException, RefusedException, InterruptedException {
        new Supervisor(settings, announcer).run(environment);
    }

    private void run(Map<String, String> environment) throws IOException, RefusedException, InterruptedException {
        SupervisorLock.Holder self = new SupervisorLock.Holder(
                ProcessHandle.current().pid(), settings.host(), settings.port(), settings.region());
        Optional<SupervisorLock> lock = SupervisorLock.tryAcquire(settings.root(), self);
        if (lock.isEmpty()) {
            throw inUse();
        }
        try (SupervisorLock _ = lock.get()) {
            List<Adoption.Found> found = Adoption.find(settings);
            InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
            try (PublicPort _ = found.isEmpty() ? PublicPort.take(address) : PublicPort.keep(address)) {
                RootCredentials.Ensured credentials = RootCredentials.ensure(settings.root(), environment);
                announcer.starting(settings, found.size());
                watchUntilAsked(found, credentials);
            }
        }
    }

    private RefusedException inUse() throws IOException, RefusedException {
        Optional<SupervisorLock.Holder> holder = SupervisorLock.holder(settings.root());
        if (holder.isPresent()) {
            holder.get().requireSupervisor(settings.root());
        }
        String who = holder.map(h -> "linchpin up (pid " + h.pid() + "), at " + UpSettings.endpoint(h.host(), h.port()))
                .orElse("another linchpin up");
        return new RefusedException("The store " + settings.root() + " is in use by " + who
                + ". `linchpin status` shows it, `linchpin down` stops it.");
    }

    private void watchUntilAsked(List<Adoption.Found> found, RootCredentials.Ensured credentials)
            throws IOException, RefusedException, InterruptedException {
        CountDownLatch stopped = new CountDownLatch(1);
        Thread hook = new Thread(() -> awaitStop(stopped), "stop");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            int most = Math.max(
                    settings.nodes(),
                    found.stream().mapToInt(Adoption.Found::place).max().orElse(0));
            for (int number = 1; number <= most; number++) {
                places.add(new Place(settings, number, logs, announcer::event));
            }
            for (Adoption.Found node : found) {
                places.get(node.place() - 1).adopt(node.handle(), nowMillis());
            }
            boolean announced = false;
            while (!stopAsked.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
                for (Place place : places) {
                    place.tick(nowMillis());
                }
                if (!announced && places.stream().allMatch(Place::everReady)) {
                    announcer.serving(settings, credentials);
                    announced = true;
                }
            }
            announcer.stopping();
        } finally {
            stopAll();
            stopped.countDown();
        }
    }

    /** Runs in the shutdown hook: the JVM ends when this returns. */
    private void awaitStop(CountDownLatch stopped) {
        stopAsked.countDown();
        try {
            if (stopped.await(STOP_LIMIT_MILLIS + 5_000, TimeUnit.MILLISECONDS)) {
                announcer.stopped();
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    private void stopAll() throws InterruptedException {
        places.forEach(Place::terminate);
        long deadline = nowMillis() + STOP_LIMIT_MILLIS;
        while (places.stream().anyMatch(Place::isRunning) && nowMillis() < deadline) {
            Thread.sleep(TICK_MILLIS / 2);
        }
        places.forEach(Place::kill);
    }

    private static long nowMillis() {
        return System.nanoTime() / 1_000_000;
    }
}
