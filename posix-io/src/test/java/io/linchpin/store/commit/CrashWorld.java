package io.linchpin.store.commit;

import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One random history of one key, through several lives of a node: the driver, and the reference model it is held to. */
final class CrashWorld {
    private static final ObjectId OBJECT = new ObjectId(new BucketName("bucket"), new ObjectKey("dir/key"));
    private static final int LIVES = 6;

    /** Counts over all runs. */
    static final class Totals {
        long calls;
        long kills;
        long cuts;
        long replays;
        long acknowledged;
        long refused;
        long edits;

        @Override
        public String toString() {
            return calls + " calls looked at, " + kills + " kills, " + cuts + " power cuts, " + replays
                    + " take-overs, " + acknowledged + " acknowledged, " + refused + " refused, " + edits
                    + " edits by hand";
        }
    }

    private final Random random;
    private final Totals totals;
    private final SimulatedDisk disk = new SimulatedDisk(512);
    private final List<String> trace = new ArrayList<>();
    private final History history = new History();
    private final boolean syncfs;
    private final int crashRate;
    private int boot = 1;
    private int lives;
    private int ops;
    private long now = 1_700_000_000_000_000_000L;
    private int editsLeft;
    private boolean crashing = true;
    private @Nullable Observer observer;
    private SimulatedProcess process = disk.process();

    CrashWorld(long seed, Totals totals) {
        this.random = new Random(seed);
        this.totals = totals;
        this.syncfs = random.nextInt(4) != 0;
        this.crashRate = new int[] {20, 80, 300}[random.nextInt(3)];
        this.editsLeft = random.nextInt(2);
    }

    String trace() {
        return String.join("\n", trace);
    }

    void run() throws Exception {
        SimulatedProcess setup = disk.process();
        try (StoreRoot root = StoreRoot.open(setup, Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            setup.mkdirat(root.fd(), "bucket", 0755);
            setup.syncfs(root.fd());
        }
        for (int life = 0; life < LIVES; life++) {
            boolean power = random.nextBoolean();
            try {
                live();
                disk.kill(process);
                trace.add("left in peace");
            } catch (SimulatedCrash crash) {
                trace.add((power ? "POWER CUT " : "KILL ") + crash.getMessage());
                end(power);
            }
        }
        crashing = false;
        editsLeft = 0;
        live();
    }

    private void end(boolean power) {
        history.crashed();
        if (power) {
            totals.cuts++;
            disk.powerCut(random);
            boot++;
            history.powerCut(new Observer(disk.newProcess(), OBJECT));
        } else {
            totals.kills++;
            disk.kill(process);
        }
    }

    /** One life: take the shard, check what was recovered, serve, perhaps hand over; ends early by a crash. */
    private void live() throws Exception {
        process = disk.newProcess();
        observer = new Observer(disk.newProcess(), OBJECT);
        process.hook(this::beforeCall);
        Incarnation incarnation = Incarnation.of(0, ++lives);
        Boot here = new Boot(new UUID(0, boot), 1);
        StepwiseStore node = new StepwiseStore(process, incarnation, here, this::clock, syncfs);
        trace.add("life " + incarnation + " in boot " + boot + (syncfs ? "" : " without syncfs"));
        OwnedShard shard = node.store.tryTake(0).orElseThrow(() -> new AssertionError("the shard's lock is not free"));
        totals.replays++;
        history.recovered(look());
        history.checkHandMade(observer());
        int steps = 5 + random.nextInt(20);
        for (int i = 0; i < steps; i++) {
            step(node, shard);
        }
        node.settle();
        history.check(look());
        history.checkHandMade(observer());
        if (random.nextBoolean()) {
            trace.add("hand over");
            shard.giveUp();
            trace.add("handed over");
        }
    }

    private long clock() {
        now += 1_000_000;
        return now;
    }

    private int beforeCall(long index, String call, String path, long length) {
        totals.calls++;
        check();
        if (editsLeft > 0 && random.nextInt(200) == 0) {
            editsLeft--;
            edit();
        }
        if (crashing && random.nextInt(crashRate) == 0) {
            throw new SimulatedCrash("before " + call + " " + path);
        }
        return 0;
    }

    /** A reader looks; but no port is open before the shard has been replayed in this boot. */
    private void check() {
        try {
            if (isReplayed()) {
                history.seen(look());
            }
        } catch (IOException e) {
            throw new AssertionError("a reader failed", e);
        }
    }

    private boolean isReplayed() throws IOException {
        return ShardFile.peek(observer().root(), 0).isReplayedIn(new UUID(0, boot), 1);
    }

    private Observer observer() {
        if (observer == null) {
            throw new AssertionError("no observer");
        }
        return observer;
    }

    private History.Seen look() throws IOException {
        return observer().look();
    }

    private void edit() {
        totals.edits++;
        String content = random.nextInt(3) == 0 ? null : "hand-" + totals.edits;
        trace.add("edit by hand: " + (content == null ? "rm" : content));
        history.edited(content);
        observer().edit(content);
    }

    private void step(StepwiseStore node, OwnedShard shard) throws Exception {
        switch (random.nextInt(12)) {
            case 0, 1, 2, 3 -> put(node, shard, random.nextInt(3) == 0);
            case 4 -> delete(shard);
            case 5 -> tag(shard);
            case 6, 7 -> {
                trace.add("flush");
                node.flush();
            }
            case 8, 9 -> {
                trace.add("publish");
                node.publishOne();
            }
            case 10 -> node.settle();
            case 11 -> {
                trace.add("checkpoint");
                node.store.checkpoint();
            }
            default -> throw new AssertionError();
        }
    }

    private void put(StepwiseStore node, OwnedShard shard, boolean create) throws IOException {
        int op = ++ops;
        boolean large = random.nextInt(3) == 0;
        String body = "op-" + op + (large ? " " + "x".repeat(200) : "");
        Preconditions p =
                create ? new Preconditions(List.of(), List.of(Preconditions.ANY), null, null) : Preconditions.NONE;
        Mutation.Put put =
                node.put(OBJECT, UploadId.of(1, op), body.getBytes(StandardCharsets.UTF_8), Map.of("op", "" + op), p);
        submit(shard, put, op, create ? "create" : large ? "put large" : "put");
    }

    private void delete(OwnedShard shard) {
        int op = ++ops;
        Mutation.Delete delete = new Mutation.Delete(UploadId.of(1, op), OBJECT, Preconditions.NONE, 0, Long.MAX_VALUE);
        submit(shard, delete, op, "delete");
    }

    private void tag(OwnedShard shard) {
        int op = ++ops;
        Mutation.SetTags tags = new Mutation.SetTags(
                UploadId.of(1, op), OBJECT, Preconditions.NONE, 0, Long.MAX_VALUE, Map.of("tag", "" + op));
        submit(shard, tags, op, "tag");
    }

    private void submit(OwnedShard shard, Mutation mutation, int op, String what) {
        trace.add("judge op " + op + " " + what);
        try {
            history.judging(look());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        int at = history.judged(mutation, op);
        shard.submit(mutation, false, outcome -> {
            trace.add("answer op " + op + " " + outcome);
            switch (outcome) {
                case Outcome.Committed _, Outcome.Deleted _ -> totals.acknowledged++;
                default -> totals.refused++;
            }
            history.answered(at, op, outcome);
        });
        history.judgingEnds();
    }
}
