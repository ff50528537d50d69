package io.linchpin.store.explore;

import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.commit.StepwiseStore;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One node of a scenario: the real engine, driven step by step, and the model told of every step. */
final class Tenant {
    static final int SMALL_BYTES = 8;
    static final int LARGE_BYTES = 200;

    final World world;
    final SimulatedProcess process;
    final StepwiseStore node;
    private final @Nullable OwnedShard[] shards;
    private boolean refused;

    Tenant(World world, Incarnation incarnation) throws IOException {
        this.world = world;
        this.process = world.disk.newProcess();
        process.hook(world.hookOf(this));
        world.born(incarnation);
        Scenario scenario = world.scenario;
        this.shards = new OwnedShard[scenario.shards()];
        this.node = new StepwiseStore(
                world.posixOf(this),
                incarnation,
                world.boot(),
                world::clock,
                scenario.syncfs(),
                scenario.shards(),
                scenario.inlineLimitBytes());
    }

    /** Takes all shards, which must be free. */
    Tenant take() throws IOException {
        for (int shard = 0; shard < shards.length; shard++) {
            take(shard);
        }
        return this;
    }

    /** Takes a shard, which must be free. */
    void take(int shard) throws IOException {
        if (!tryTake(shard)) {
            throw new Violation("L1: the shard's lock is not free");
        }
    }

    boolean tryTake(int shard) throws IOException {
        Optional<OwnedShard> taken = node.store.tryTake(shard);
        if (taken.isPresent()) {
            shards[shard] = taken.get();
            askAgain(shard);
            world.recovered(shard);
        }
        return taken.isPresent();
    }

    /** What an ingress is told that asks again for what a dead owner had judged: it must be so. */
    private void askAgain(int shard) {
        world.model().keys().forEach((key, model) -> {
            for (int i = 1; i < model.order().size() && World.shardOf(key) == shard; i++) {
                int at = i;
                KeyState made = model.order().get(at);
                if (made.op() > 0 && !made.equals(model.order().get(at - 1))) {
                    int op = made.tag().isEmpty() ? made.op() : Integer.parseInt(made.tag());
                    // A repeat of what cannot be told by a staged pair is never judged: only recorded answers come.
                    Mutation again =
                            new Mutation.Delete(id(op), World.object(key), Preconditions.NONE, 0, Long.MAX_VALUE);
                    shardOf(key).submit(again, true, outcome -> {
                        if (outcome instanceof Outcome.Committed) {
                            world.change(key, k -> k.revealed(at));
                        }
                    });
                }
            }
        });
    }

    /** From now on no name can be changed, or again they can: what is durable cannot be published. */
    void refuse(boolean newRefused) {
        refused = newRefused;
    }

    boolean refuses(String call) {
        return refused && call.equals("renameat2");
    }

    boolean isOwner(int shard) {
        return shards[shard] != null;
    }

    private OwnedShard shardOf(String key) {
        return owned(World.shardOf(key));
    }

    private OwnedShard owned(int number) {
        OwnedShard shard = shards[number];
        if (shard == null) {
            throw new IllegalStateException("not the owner of shard " + number);
        }
        return shard;
    }

    void put(String key, int op) throws IOException {
        put(key, op, SMALL_BYTES, Preconditions.NONE, node);
    }

    void putLarge(String key, int op) throws IOException {
        put(key, op, LARGE_BYTES, Preconditions.NONE, node);
    }

    /** Only where there is none. */
    void create(String key, int op) throws IOException {
        put(key, op, SMALL_BYTES, new Preconditions(List.of(), List.of(Preconditions.ANY), null, null), node);
    }

    /** An upload of so many bytes, staged by that node, which may be another than the owner. */
    void put(String key, int op, int bytes, Preconditions p, StepwiseStore ingress) throws IOException {
        Mutation.Put put;
        try {
            put = ingress.put(World.object(key), id(op), Bodies.of(op, bytes), metadata(op, Bodies.head(op)), p);
        } catch (PosixException e) {
            staged(e);
            return;
        }
        submit(key, put, op);
    }

    /** A sync that failed while staging fails that request only. */
    private void staged(PosixException e) throws PosixException {
        if (!world.isFaulted()) {
            throw e;
        }
    }

    void copy(String from, String to, int op, String body) throws IOException {
        if (!(new ObjectReader(node.root).open(World.object(from)) instanceof Opened.Found(var found))) {
            throw new Violation("S2: the source of a copy is not there");
        }
        Mutation.Put put;
        try (found) {
            put = node.copy(World.object(to), id(op), found.data(), found.size(), metadata(op, body));
        } catch (PosixException e) {
            staged(e);
            return;
        }
        submit(to, put, op);
    }

    void delete(String key, int op) {
        submit(key, new Mutation.Delete(id(op), World.object(key), Preconditions.NONE, 0, Long.MAX_VALUE), op);
    }

    void tag(String key, int op) {
        Map<String, String> tags = Map.of("tag", "" + op);
        submit(key, new Mutation.SetTags(id(op), World.object(key), Preconditions.NONE, 0, Long.MAX_VALUE, tags), op);
    }

    static UploadId id(int op) {
        return UploadId.of(1, op);
    }

    static Map<String, String> metadata(int op, String body) {
        return Map.of("op", "" + op, "body", body);
    }

    void submit(String key, Mutation mutation, int op) {
        submit(key, mutation, op, false, outcome -> {});
    }

    /** Judges a mutation, as the model does; the answer is told to both. */
    void submit(String key, Mutation mutation, int op, boolean resend, Consumer<Outcome> told) {
        Seen seen = world.look(key);
        world.change(key, k -> k.judging(seen));
        world.change(key, k -> k.judged(mutation, op));
        int at = world.model().of(key).order().size() - 1;
        shardOf(key).submit(mutation, resend, outcome -> {
            world.change(key, k -> k.answered(at, op, outcome));
            told.accept(outcome);
        });
        world.change(key, KeyModel::judgingEnds);
    }

    /** Makes durable what was judged. */
    void flush() throws IOException {
        node.flush();
    }

    /** Makes durable what was handed in first, alone. */
    void flushOne() throws IOException {
        node.flushOne();
    }

    /** Publishes what has been durable for longest. */
    void publish() {
        node.publishOne();
    }

    /** Makes durable what was judged, and publishes all of it in one turn. */
    void flushAndPublishTogether() throws IOException {
        node.flushAndPublishTogether();
    }

    /** Publishes what became durable last, before all that waits longer. */
    void publishNewest() {
        node.publishNewest();
    }

    /** All that was judged here is made durable, published and answered. */
    void settle() throws IOException {
        node.settle();
        world.checkAtRest(this);
    }

    void checkpoint() throws IOException {
        node.store.checkpoint();
    }

    /** Hands all shards over; others may take them. */
    void giveUp() throws IOException, InterruptedException {
        for (int shard = 0; shard < shards.length; shard++) {
            giveUp(shard);
        }
    }

    void giveUp(int shard) throws IOException, InterruptedException {
        owned(shard).giveUp();
        shards[shard] = null;
    }

    /**
     * Begins to hand the (only) shard over while mutations are pending, and runs {@code meanwhile} as soon as the hand-over waits for
     * them, or has ended without waiting.
     */
    void giveUpWhile(World.Step meanwhile) throws IOException, InterruptedException {
        List<Throwable> failures = new CopyOnWriteArrayList<>();
        Thread giving = Thread.ofPlatform().start(() -> {
            try {
                owned(0).giveUp();
            } catch (IOException | InterruptedException | RuntimeException | Error e) {
                failures.add(e);
            }
        });
        while (giving.getState() != Thread.State.WAITING && giving.isAlive()) {
            Thread.onSpinWait();
        }
        meanwhile.run();
        giving.join();
        for (Throwable each : failures) {
            if (each instanceof IOException io) {
                throw io;
            }
            if (each instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException(each);
        }
        shards[0] = null;
    }

    /** A checkpoint with nothing pending, and a look for what belongs to nobody. */
    void tidy() throws IOException {
        checkpoint();
        world.checkAtRest(this);
        world.checkTidy(this);
    }
}
