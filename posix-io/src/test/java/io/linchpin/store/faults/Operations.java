package io.linchpin.store.faults;

import static io.linchpin.store.faults.World.BOX;
import static io.linchpin.store.faults.World.EMPTY;
import static io.linchpin.store.faults.World.ESCAPED;
import static io.linchpin.store.faults.World.FRESH;
import static io.linchpin.store.faults.World.LARGE;
import static io.linchpin.store.faults.World.LARGE_BYTES;
import static io.linchpin.store.faults.World.NESTED;
import static io.linchpin.store.faults.World.SMALL;
import static io.linchpin.store.faults.World.SMALL_BYTES;

import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.faults.Operation.Trait;
import io.linchpin.store.listing.Bound;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/** The table of operations: a new one is one row. */
final class Operations {
    private static final Preconditions ABSENT = new Preconditions(List.of(), List.of(Preconditions.ANY), null, null);

    /** A claim is never removed, so that no slot has two writers; a part sent again has a file of its own. */
    private static final String CLAIMED = "/.linchpin/uploads/box/ID/(claim\\.[0-9]{5}|data\\.ID|session.lock)";

    /** Without its directory a bucket's state is no bucket: who makes that bucket next begins with it. */
    private static final String STATE = "/.linchpin/buckets/another";

    static final List<Operation> ALL = List.of(
            Operation.of("put small", n -> put(n, FRESH, SMALL_BYTES)),
            Operation.of("put small over small", n -> put(n, SMALL, SMALL_BYTES)),
            Operation.of("put large", n -> put(n, FRESH, LARGE_BYTES)),
            Operation.of("put large over small", n -> put(n, SMALL, LARGE_BYTES)),
            Operation.of("put small over large", n -> put(n, LARGE, SMALL_BYTES)),
            Operation.of("put escaped", n -> put(n, ESCAPED, LARGE_BYTES)),
            Operation.of("put if absent", n -> Puts.put(n, FRESH, SMALL_BYTES, "op", ABSENT)),
            Operation.of("put if absent, refused", n -> Puts.put(n, LARGE, LARGE_BYTES, "op", ABSENT)),
            Operation.of("delete", n -> n.submit(Puts.deletion(n, SMALL))),
            Operation.of("delete nested", n -> n.submit(Puts.deletion(n, NESTED))),
            Operation.of("delete absent", n -> n.submit(Puts.deletion(n, FRESH))),
            Operation.of("copy small", n -> Puts.copy(n, SMALL, FRESH, true)),
            Operation.of("copy large", n -> Puts.copy(n, LARGE, FRESH, true)),
            Operation.of("copy over", n -> Puts.copy(n, LARGE, SMALL, false)),
            Operation.of("set tags", n -> Puts.tag(n, LARGE, "op")),
            Operation.of("set tags of nothing", n -> Puts.tag(n, FRESH, "op")),
            Operation.of("read", n -> read(n, LARGE)),
            Operation.of("read nothing", n -> read(n, FRESH)),
            Operation.of("list", Operations::list),
            Operation.of("create bucket", n -> create(n, new BucketName("another")))
                    .leaving(STATE),
            Operation.of("delete bucket", Operations::deleteBucket).with(Trait.REPEATABLE),
            Operation.of("create upload", Operations::createUpload),
            Operation.of("upload part", n -> Parts.put(n, 3, 16))
                    .with(Trait.MAY_STAND)
                    .leaving(CLAIMED),
            Operation.of("upload part again", n -> Parts.put(n, 1, 16))
                    .with(Trait.MAY_STAND)
                    .leaving(CLAIMED),
            Operation.of("upload misfit", n -> Parts.put(n, 3, 40))
                    .with(Trait.MAY_STAND)
                    .leaving(CLAIMED),
            Operation.of("list parts", Parts::list),
            Operation.of("complete upload", Parts::complete).leaving(CLAIMED),
            Operation.of("complete upload by copying", Parts::complete)
                    .after(Operations::withMisfit)
                    .leaving(CLAIMED),
            Operation.of("end upload", Parts::end).after(Operations::completed).with(Trait.REPEATABLE),
            Operation.of("abort upload", Operations::abort).with(Trait.REPEATABLE),
            Operation.of("sweep uploads", Operations::sweepUploads)
                    .after(Operations::ended)
                    .with(Trait.REPEATABLE),
            Operation.of("checkpoint", Operations::checkpoint)
                    .after(n -> changes(n, true))
                    .with(Trait.OWNERS_WORK),
            Operation.of("checkpoint without syncfs", Operations::checkpoint)
                    .after(n -> changes(n, false))
                    .with(Trait.OWNERS_WORK),
            Operation.of("give up", Operations::giveUp)
                    .after(n -> changes(n, true))
                    .with(Trait.OWNERS_WORK),
            Operation.of("start", Operations::open)
                    .after(n -> new Verdict.Done(""))
                    .with(Trait.ENDS_LIFE),
            Operation.of("take", Operations::take).after(Operations::open).with(Trait.OWNERS_WORK),
            Operation.of("take over", Operations::take)
                    .from(World.DEAD)
                    .after(Operations::open)
                    .with(Trait.OWNERS_WORK),
            Operation.of("sweep a dead node", Operations::sweep)
                    .from(World.DEAD)
                    .after(Operations::takenOver)
                    .with(Trait.REPEATABLE));

    private Operations() {}

    private static Verdict put(FaultNode node, ObjectId object, int bytes) throws IOException {
        return Puts.put(node, object, bytes, "op", Preconditions.NONE);
    }

    private static Verdict read(FaultNode node, ObjectId object) throws IOException {
        return switch (node.reader().open(object)) {
            case Opened.NoSuchKey _ -> new Verdict.Done("NoSuchKey");
            case Opened.Found(OpenObject open) -> {
                try (open) {
                    ByteBuffer body = ByteBuffer.allocate((int) open.size());
                    long read = open.read(body, 0);
                    boolean whole = read == open.size() && open.verifyUnchanged() && !open.foreign();
                    yield whole ? new Verdict.Done("Read") : new Verdict.Broken("read " + read + " bytes");
                }
            }
        };
    }

    private static Verdict list(FaultNode node) throws IOException {
        ObjectListing.Query all = new ObjectListing.Query("", "", Bound.START, 100);
        return new Verdict.Done(node.listing().list(BOX, all).items().toString());
    }

    private static Verdict create(FaultNode node, BucketName name) throws IOException {
        return new Verdict.Done(node.buckets().create(name, "").getClass().getSimpleName());
    }

    /** As a bucket's owner does: what cannot be removed is open again. */
    private static Verdict deleteBucket(FaultNode node) throws IOException {
        BucketLife life = node.buckets();
        BucketState state = node.states().read(EMPTY).orElse(null);
        if (state == null) {
            return new Verdict.Done(life.remove(EMPTY).getClass().getSimpleName());
        }
        life.write(with(state, BucketState.Status.CLOSING));
        try {
            return new Verdict.Done(life.remove(EMPTY).getClass().getSimpleName());
        } catch (IOException e) {
            if (node.states().read(EMPTY).isPresent()) {
                life.write(with(state, BucketState.Status.OPEN));
            }
            throw e;
        }
    }

    private static BucketState with(BucketState state, BucketState.Status status) {
        return new BucketState(state.name(), state.generation(), status, state.createdAt(), state.region());
    }

    private static Verdict createUpload(FaultNode node) throws Exception {
        node.uploads().create(World.upload(node, node.id()));
        return new Verdict.Done("Created");
    }

    private static Verdict abort(FaultNode node) throws IOException {
        node.uploads().remove(BOX, World.UPLOAD);
        return new Verdict.Done("Aborted");
    }

    private static Verdict withMisfit(FaultNode node) throws Exception {
        node.serving();
        return Parts.put(node, 3, 40);
    }

    private static Verdict completed(FaultNode node) throws Exception {
        node.serving();
        return Parts.complete(node);
    }

    private static Verdict ended(FaultNode node) throws Exception {
        completed(node);
        return Parts.end(node);
    }

    private static Verdict sweepUploads(FaultNode node) throws IOException {
        node.uploads().sweep(Instant.ofEpochSecond(Integer.MAX_VALUE));
        return new Verdict.Done("Swept");
    }

    /** A node whose journal holds what is in place. */
    private static Verdict changes(FaultNode node, boolean syncfs) throws Exception {
        node.serving(syncfs);
        put(node, SMALL, LARGE_BYTES);
        put(node, FRESH, SMALL_BYTES);
        Puts.tag(node, LARGE, "op");
        return node.submit(Puts.deletion(node, NESTED));
    }

    private static Verdict checkpoint(FaultNode node) throws IOException {
        node.store().checkpoint();
        return new Verdict.Done("Checkpoint");
    }

    private static Verdict giveUp(FaultNode node) throws Exception {
        node.shard().giveUp();
        return new Verdict.Done("Given up");
    }

    private static Verdict open(FaultNode node) throws IOException {
        node.open();
        return new Verdict.Done("Open");
    }

    private static Verdict take(FaultNode node) throws IOException {
        return node.take() ? new Verdict.Done("Taken") : new Verdict.Broken("held by somebody");
    }

    private static Verdict takenOver(FaultNode node) throws Exception {
        node.serving();
        node.store().checkpoint();
        return new Verdict.Done("");
    }

    private static Verdict sweep(FaultNode node) throws IOException {
        node.sweep().sweep(Incarnation.of(0, 2));
        return new Verdict.Done("Swept");
    }
}
