package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** A store of one shard and one bucket on a simulated disk, and the lives of its nodes, one after the other. */
final class StoreLives {
    static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));

    final SimulatedDisk disk = new SimulatedDisk(512);
    private long clock = 1_700_000_000_000_000_000L;
    private int lives;

    StoreLives() {
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            root.posix().mkdirat(root.fd(), KEY.bucket().value(), 0755);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    StepwiseStore start(SimulatedProcess process) throws IOException {
        Boot boot = new Boot(UUID.fromString(disk.bootId()), 1);
        return new StepwiseStore(process, Incarnation.of(0, ++lives), boot, () -> clock += 1000, true);
    }

    /** What a shard answers when all is done that there is to do. */
    Outcome submit(StepwiseStore node, OwnedShard shard, Mutation mutation, boolean resend) throws IOException {
        List<Outcome> answers = new ArrayList<>();
        shard.submit(mutation, resend, answers::add);
        node.settle();
        assertEquals(1, answers.size());
        return answers.getFirst();
    }
}
