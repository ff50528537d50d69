package io.linchpin.store.commit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.staging.StagingSettings;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** An invariant that is found broken while a mutation is judged. */
class BrokenJudgingTest {
    private static final ObjectId KEY = new ObjectId(new BucketName("bucket"), new ObjectKey("key"));

    /** What is judged stays in the gate until it is told: an actor that dies over it would leave it there for good. */
    @Test
    void itStopsTheProcessForTheShardCouldNotBeGivenUpAnyMore() throws Exception {
        SimulatedDisk disk = new SimulatedDisk(512);
        List<String> stops = new ArrayList<>();
        try (StoreRoot root = StoreRoot.open(disk.process(), Path.of("/"))) {
            StoreFormat.openOrCreate(root, 1, () -> UploadId.of(7, 7));
            StepwiseStore node = new StepwiseStore(
                    root,
                    Incarnation.of(0, 1),
                    new Boot(UUID.fromString(disk.bootId()), 1),
                    () -> 1_700_000_000_000_000_000L,
                    1,
                    new StagingSettings(StepwiseStore.INLINE_LIMIT_BYTES, 0, 0, false, false),
                    true,
                    new Broken(),
                    (why, cause) -> stops.add(why + ": " + cause));
            OwnedShard shard = node.store.tryTake(0).orElseThrow();
            Mutation put = node.put(KEY, UploadId.of(1, 1), new byte[1], Map.of(), Preconditions.NONE);
            assertThrows(IllegalStateException.class, () -> shard.submit(put, false, _ -> {}));
            assertEquals(1, shard.inFlight(), "so it could not be drained");
            assertEquals(
                    List.of("judging a change of " + KEY
                            + " broke an invariant: java.lang.IllegalStateException: broken"),
                    stops);
        }
    }

    private record Broken() implements BucketCheck {
        @Override
        public Admission look(BucketName bucket, long generation) {
            throw new IllegalStateException("broken");
        }

        @Override
        public boolean isAnother(BucketName bucket, long generation) {
            return false;
        }
    }
}
