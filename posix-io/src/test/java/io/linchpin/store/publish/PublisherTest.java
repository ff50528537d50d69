package io.linchpin.store.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.posix.sim.SyscallHook;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class PublisherTest {
    private static final Incarnation NODE = Incarnation.of(0, 1);
    private static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));

    /** A replay tries again for as long as a key cannot be put in place. */
    @Test
    void aReplayThatIsRefusedLeavesNoCopyOfTheJournalsBytes() throws Exception {
        SimulatedProcess process = new SimulatedDisk(512).process();
        StoreRoot root = StoreRoot.open(process, Path.of("/"));
        StoreFormat.openOrCreate(root, 1, () -> UploadId.of(1, 1));
        process.mkdirat(root.fd(), KEY.bucket().value(), 0755);
        Publisher publisher = new Publisher(
                root, new ObjectTree(root), Swap.open(root, NODE), new PublishSettings(0644, -1, -1, true));
        CommitRecord record = new CommitRecord(
                Kind.PUT,
                new CommitRecord.Id(0, 1, 1),
                UploadId.of(9, 1),
                KEY,
                new Stamp(64),
                null,
                new Staged(NODE, 7, 3),
                new byte[] {1},
                new byte[] {1, 2, 3},
                CommitRecord.ANY_BUCKET);
        for (String refused : List.of("renameat2", "pwrite", "futimens")) {
            process.hook((index, call, path, length) -> call.equals(refused) ? -Errno.ENOSPC : SyscallHook.PROCEED);
            assertInstanceOf(
                    PublishResult.Refused.class, publisher.publish(Fold.of(List.of(record), true), null), refused);
            assertEquals(List.of(Swap.DIRECTORY), staged(root), refused);
        }
        process.hook(SyscallHook.NONE);
        assertInstanceOf(PublishResult.InPlace.class, publisher.publish(Fold.of(List.of(record), true), null));
        assertEquals(List.of(Swap.DIRECTORY), staged(root));
    }

    private static List<String> staged(StoreRoot root) throws Exception {
        String path = Names.staging(NODE);
        try (Fd staging = Fd.adopt(root.posix(), root.openDirectory(path), path)) {
            return FileIo.list(staging).stream().map(DirEntry::name).toList();
        }
    }
}
