package io.linchpin.store.faults;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The stores that operations begin on: made once each, and copied for each case. */
final class World {
    static final BucketName BOX = new BucketName("box");
    static final BucketName EMPTY = new BucketName("empty");
    static final ObjectId SMALL = new ObjectId(BOX, new ObjectKey("small"));
    static final ObjectId LARGE = new ObjectId(BOX, new ObjectKey("large"));
    static final ObjectId NESTED = new ObjectId(BOX, new ObjectKey("dir/sub/nested"));
    static final ObjectId FRESH = new ObjectId(BOX, new ObjectKey("new/fresh"));
    static final ObjectId ESCAPED = new ObjectId(BOX, new ObjectKey("odd//key"));
    static final ObjectId FILM = new ObjectId(BOX, new ObjectKey("film"));
    static final List<ObjectId> OBJECTS = List.of(SMALL, LARGE, NESTED, FRESH, ESCAPED, FILM);

    /** Of the upload in progress. */
    static final UploadId UPLOAD = UploadId.of(0xF11A, 1);

    static final int SMALL_BYTES = 20;
    static final int LARGE_BYTES = 3000;

    /** Of the nodes that made a world. */
    private static final int FIRST_LIFE = 1;

    private static final int DEAD_LIFE = 2;
    /** Of the node that an operation is tried on. */
    static final int LIFE = 3;

    /** A few objects, an upload in progress with two parts, an empty bucket; its last node has left in peace. */
    static final World REST = new World(false);

    /** The same, and a node that was killed with changes that were durable and not in place. */
    static final World DEAD = new World(true);

    private final boolean withDead;
    private @Nullable SimulatedDisk disk;

    private World(boolean withDead) {
        this.withDead = withDead;
    }

    /** A disk of one's own. */
    synchronized SimulatedDisk copy() throws Exception {
        SimulatedDisk made = disk;
        if (made == null) {
            made = new SimulatedDisk();
            rest(made);
            if (withDead) {
                dead(made);
            }
            disk = made;
        }
        return made.fork();
    }

    private static void rest(SimulatedDisk disk) throws Exception {
        FaultNode node = new FaultNode(disk, FIRST_LIFE);
        StoreFormat.openOrCreate(node.root, 1, () -> UploadId.of(7, 7));
        node.serving();
        node.buckets().create(BOX, "");
        node.buckets().create(EMPTY, "");
        Puts.put(node, SMALL, SMALL_BYTES, "old", Preconditions.NONE);
        Puts.put(node, LARGE, LARGE_BYTES, "old", Preconditions.NONE);
        Puts.put(node, NESTED, SMALL_BYTES, "old", Preconditions.NONE);
        node.uploads().create(upload(node, UPLOAD));
        Parts.put(node, 1, 16);
        Parts.put(node, 2, 16);
        node.store().checkpoint();
        node.leave();
        FaultNode sweeper = new FaultNode(disk, 0);
        sweeper.sweep().sweep(node.incarnation);
        sweeper.posix.syncfs(sweeper.root.fd());
        disk.kill(sweeper.process);
    }

    static UploadRecord upload(FaultNode node, UploadId id) throws Exception {
        return new UploadRecord(
                FILM,
                id,
                Puts.generation(node),
                node.now(),
                Map.of(),
                Map.of("op", "film"),
                Map.of(),
                ChecksumAlgorithm.CRC32C,
                ChecksumType.FULL_OBJECT);
    }

    private static void dead(SimulatedDisk disk) throws Exception {
        FaultNode node = new FaultNode(disk, DEAD_LIFE).serving();
        Puts.tag(node, LARGE, "inherited");
        Puts.judge(node, Puts.staged(node, SMALL, SMALL_BYTES, "inherited", Preconditions.NONE));
        Puts.judge(node, Puts.staged(node, FRESH, LARGE_BYTES, "inherited", Preconditions.NONE));
        Puts.judge(node, Puts.deletion(node, NESTED));
        Puts.judge(node, Puts.staged(node, ESCAPED, SMALL_BYTES, "inherited", Preconditions.NONE));
        node.makeDurable();
        disk.kill(node.process);
    }
}
