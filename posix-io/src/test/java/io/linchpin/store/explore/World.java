package io.linchpin.store.explore;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Posix;
import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.Names;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.recovery.Sweep;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One life of a machine between two crashes: a disk, the nodes that run on it step by step, a reader who looks after every
 * change, and the model that all is held to. Everything is deterministic, so that a life can be run again.
 */
final class World {
    /** Told of every state that the life goes through: after each change of the disk or of what is known. */
    interface Watcher {
        void point(int index, SimulatedDisk disk, Model model);
    }

    /** A part of a script. */
    interface Step {
        void run() throws IOException, InterruptedException;
    }

    static final BucketName BUCKET = new BucketName("bucket");
    static final String KEY = "dir/key";
    /** A key of the other shard, where there are two. */
    static final String NEIGHBOUR = "neighbour";

    private static final long START_NANOS = 1_700_000_000_000_000_000L;
    /** Longer than stamps may be ahead of the clock after a crash. */
    private static final long LIFE_NANOS = 10_000_000_000L;

    final SimulatedDisk disk;
    final Scenario scenario;
    final int life;
    private final Lookout lookout;
    private final Disturbance disturbance;
    private final @Nullable Watcher watcher;
    private final Set<Incarnation> living = new HashSet<>();
    private Model model;
    private long seenVersion = -1;
    private @Nullable Model seenModel;
    private int points;
    private boolean disturbed;
    private long clocks;
    private long names;
    private @Nullable Tenant mortal;

    World(
            Scenario scenario,
            SimulatedDisk disk,
            Model model,
            int life,
            Disturbance disturbance,
            @Nullable Watcher watcher)
            throws IOException {
        this.scenario = scenario;
        this.disk = disk;
        this.model = model;
        this.life = life;
        this.disturbance = disturbance;
        this.watcher = watcher;
        // One tick of a coarse clock for all of a life: states that differ by their age only are the same.
        disk.tick(0);
        disk.clock(START_NANOS + life * LIFE_NANOS + 1);
        this.lookout = new Lookout(disk.newProcess());
    }

    static ObjectId object(String key) {
        return new ObjectId(BUCKET, new ObjectKey(key));
    }

    static int shardOf(String key) {
        return key.equals(NEIGHBOUR) ? 1 : 0;
    }

    Model model() {
        return model;
    }

    Lookout lookout() {
        return lookout;
    }

    Boot boot() {
        return new Boot(UUID.fromString(disk.bootId()), 1);
    }

    long clock() {
        return START_NANOS + life * LIFE_NANOS + ++clocks * 1_000_000;
    }

    /** A node starts; it owns nothing yet. */
    Tenant start() throws IOException {
        return new Tenant(this, Incarnation.of(living.size(), life * 16L + living.size()));
    }

    /** A node starts and takes all shards. */
    Tenant take() throws IOException {
        Tenant tenant = start();
        tenant.take();
        return tenant;
    }

    void born(Incarnation incarnation) {
        living.add(incarnation);
    }

    /** A node starts that the disturbance may kill. */
    Tenant startMortal() throws IOException {
        Tenant tenant = start();
        mortal = tenant;
        return tenant;
    }

    /** One node has died and others live on. */
    void died(Tenant tenant) {
        living.remove(tenant.node.incarnation);
        disk.kill(tenant.process);
        model = model.crashed();
    }

    /** Looked at before each call of a node. */
    int beforeCall(Tenant caller, String call) {
        point();
        if (disturbance.isDeath() && !disturbed && disturbance.at() == points && caller == mortal) {
            disturbed = true;
            seenModel = null;
            throw new SimulatedCrash("the disturbance, before " + call);
        }
        if (disturbance.isFault() && !disturbed && call.contains("sync") && disturbance.at() == points) {
            disturbed = true;
            seenModel = null;
            return -Disturbance.EIO;
        }
        return caller.refuses(call) ? -Errno.EACCES : SyscallHook.PROCEED;
    }

    SyscallHook hookOf(Tenant tenant) {
        return watcher == null ? SyscallHook.NONE : (index, call, path, length) -> beforeCall(tenant, call);
    }

    Posix posixOf(Tenant tenant) {
        return scenario.seam().wrap(tenant.process);
    }

    /** The state after what was done last: a reader looks, a person may act, and the watcher is told. */
    @SuppressWarnings("ReferenceEquality") // whether it is the value that was seen last is what is asked
    private void point() {
        if (watcher == null || (disk.version() == seenVersion && model == seenModel)) {
            return;
        }
        lookAround();
        if (disturbance.isEdit() && !disturbed && disturbance.at() == points) {
            disturbed = true;
            edit();
            lookAround();
        }
        seenVersion = disk.version();
        seenModel = model;
        if (disturbed || disturbance.isNone()) {
            watcher.point(points, disk, model);
        }
        points++;
    }

    int points() {
        return points;
    }

    /** Whether what was to disturb this life has happened. */
    boolean isDisturbed() {
        return disturbed || disturbance.isNone();
    }

    boolean isFaulted() {
        return disturbed && disturbance.isFault();
    }

    /** The life's last state. */
    void end() {
        point();
    }

    private void edit() {
        String content = disturbance.content(life);
        // By now the clock has gone beyond every stamp that was given.
        disk.clock(clock());
        model = model.withLitter().change(KEY, k -> k.edited(content));
        Person.edit(lookout.root(), object(KEY), disturbance.edit(), content);
    }

    /** A person removes the key's file, and the bucket, empty then, is deleted and made again. */
    void makeBucketAnew(Tenant tenant) throws IOException {
        disk.clock(clock());
        model = model.withLitter().change(KEY, k -> k.edited(null));
        Person.edit(lookout.root(), object(KEY), Person.Edit.REMOVE, null);
        BucketLife bucket = bucketLife(tenant);
        BucketState before = bucketState(tenant).orElseThrow();
        bucket.write(new BucketState(
                BUCKET, before.generation(), BucketState.Status.CLOSING, before.createdAt(), before.region()));
        if (!(bucket.remove(BUCKET) instanceof BucketLife.Removal.Removed)) {
            throw new Violation("an empty bucket could not be deleted");
        }
        makeBucket(tenant, bucket);
    }

    private void makeBucket(Tenant tenant, BucketLife bucket) throws IOException {
        if (!(bucket.create(BUCKET, "") instanceof BucketLife.Creation.Created(BucketState state))) {
            throw new Violation("a bucket that was not there could not be made");
        }
        model = model.change(KEY, KeyModel::emptied);
        tenant.node.inGeneration(state.generation());
    }

    private BucketLife bucketLife(Tenant tenant) {
        long made = life * 16L;
        return new BucketLife(
                tenant.node.root,
                tenant.node.incarnation,
                new BucketStates(tenant.node.root),
                () -> Instant.ofEpochSecond(0, clock()),
                () -> made,
                () -> UploadId.of(6, made + ++names));
    }

    private static Optional<BucketState> bucketState(Tenant tenant) throws IOException {
        return new BucketStates(tenant.node.root).read(BUCKET);
    }

    /** Where uploads see the bucket as it is; after a crash between its removal and its making it is made first. */
    void seeBucket(Tenant tenant) throws IOException {
        Optional<BucketState> there = bucketState(tenant);
        if (there.isPresent()) {
            tenant.node.inGeneration(there.get().generation());
        } else {
            makeBucket(tenant, bucketLife(tenant));
        }
    }

    private void lookAround() {
        for (String key : model.keys().keySet()) {
            if (model.isReplayed(shardOf(key))) {
                Seen seen = look(key);
                model = model.change(key, k -> k.seen(seen));
            }
        }
    }

    Seen look(String key) {
        try {
            return lookout.look(object(key));
        } catch (IOException e) {
            throw new Violation("S1: a reader failed: " + e);
        }
    }

    void change(String key, java.util.function.UnaryOperator<KeyModel> change) {
        model = model.change(key, change);
    }

    /** A shard's take-over has ended: what is in place is judged, and readers are let in. */
    void recovered(int shard) throws IOException {
        for (String key : model.keys().keySet()) {
            if (shardOf(key) == shard) {
                Seen seen = look(key);
                model = model.change(key, k -> k.recovered(seen));
            }
        }
        model = model.withReplayed(shard);
        checkHandMade();
        checkUnjudged(shard);
    }

    /** A staged sidecar says that nobody has judged its upload: of what is in the key's order there must be none. */
    private void checkUnjudged(int shard) throws IOException {
        List<String> sidecars = lookout.stagedSidecars();
        model.keys().entrySet().stream()
                .filter(k -> shardOf(k.getKey()) == shard)
                .map(Map.Entry::getValue)
                .filter(k -> !k.loose())
                .flatMap(k -> k.order().stream().skip(1))
                .filter(state -> state.op() > 0 && sidecars.contains(Names.stagedSidecar(Tenant.id(state.op()))))
                .findFirst()
                .ifPresent(state -> {
                    throw new Violation("S2: " + state + " was committed, and would be judged again");
                });
    }

    /** With nothing pending in the shards of that node. */
    void checkAtRest(Tenant owner) throws IOException {
        for (String key : model.keys().keySet()) {
            if (owner.isOwner(shardOf(key))) {
                model.of(key).atRest(look(key));
            }
        }
        checkHandMade();
    }

    private List<ObjectId> objects() {
        return model.keys().keySet().stream().map(World::object).toList();
    }

    private void checkHandMade() throws IOException {
        boolean any = model.keys().values().stream().anyMatch(k -> !k.handMade().isEmpty());
        if (any) {
            List<String> found = lookout.handMade(objects());
            model.keys().values().forEach(k -> k.checkHandMade(found));
        }
    }

    /** After a checkpoint with nothing pending: the dead are swept, and nothing that belongs to nobody may be left. */
    void checkTidy(Tenant owner) throws IOException {
        if (scenario.keepsStaging()) {
            return;
        }
        Set<Incarnation> dead = lookout.incarnations();
        dead.removeAll(living);
        Set<Incarnation> awaited = new HashSet<>();
        new UploadStore(owner.node.root).unsettled().forEach(each -> awaited.add(each.stagedBy()));
        dead.removeAll(awaited);
        for (Incarnation each : dead.stream().sorted().toList()) {
            if (owner.node.store.refersTo(each)) {
                throw new Violation("at rest after a checkpoint the owner still refers to " + each);
            }
            new Sweep(owner.node.root).sweep(each);
        }
        checkAtRest(owner);
        List<String> left = new ArrayList<>(lookout.leftovers(objects(), living));
        awaited.forEach(each -> left.removeIf(path -> path.startsWith(Names.staging(each))));
        if (!left.isEmpty() && !model.littered()) {
            throw new Violation("left behind for ever, and nobody's: " + left);
        }
    }
}
