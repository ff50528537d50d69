package io.linchpin.store.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.NativePosix;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepTest {
    private static final Incarnation DEAD = Incarnation.of(1, 1);
    private static final Incarnation OTHER = Incarnation.of(1, 17);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    @Test
    void ofBucketStatesOnlyThoseGoThatTheDeadNodeWasWriting() throws Exception {
        Path buckets = Files.createDirectories(dir.resolve(Names.BUCKETS));
        Path journal = Files.createDirectories(dir.resolve(Names.journal(DEAD)));
        Files.createFile(buckets.resolve("films"));
        Files.createFile(buckets.resolve(Names.unfinishedBucketState(DEAD) + "1"));
        Files.createFile(buckets.resolve(Names.unfinishedBucketState(OTHER) + "2"));
        try (StoreRoot root = StoreRoot.open(new NativePosix(), dir)) {
            new Sweep(root).sweep(DEAD);
        }
        try (Stream<Path> left = Files.list(buckets)) {
            assertEquals(
                    List.of(Names.unfinishedBucketState(OTHER) + "2", "films"),
                    left.map(p -> p.getFileName().toString()).sorted().toList());
        }
        assertEquals(false, Files.exists(journal));
    }
}
