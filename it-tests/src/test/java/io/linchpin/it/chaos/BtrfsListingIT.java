package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.listing.Bound;
import io.linchpin.store.listing.Listed;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Listings of a directory of btrfs while one of its objects is replaced all the time. */
class BtrfsListingIT {
    private static final BucketName BUCKET = new BucketName("bucket");
    private static final ObjectKey HOT = new ObjectKey("hot");
    private static final int OTHERS = 3_000;
    private static final int LISTINGS = 300;

    private final Posix posix = new NativePosix();

    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void whatIsReplacedAllTheTimeIsInEachListingOnce() throws Exception {
        try (SmallDisk disk = SmallDisk.mountBtrfs(256);
                StoreRoot root = StoreRoot.open(posix, disk.path())) {
            Path bucket = Files.createDirectory(disk.path().resolve(BUCKET.value()));
            for (int i = 0; i < OTHERS; i++) {
                Files.createFile(bucket.resolve("k" + i));
            }
            Files.createFile(bucket.resolve(HOT.value()));
            Files.createFile(disk.path().resolve("next"));
            AtomicBoolean listed = new AtomicBoolean();
            CompletableFuture<Void> writer = CompletableFuture.runAsync(
                    () -> replace(root, listed), runnable -> Thread.ofPlatform().start(runnable));
            try {
                ObjectListing listing = new ObjectListing(root);
                for (int i = 0; i < LISTINGS; i++) {
                    ObjectListing.Page page =
                            listing.list(BUCKET, new ObjectListing.Query("h", "", Bound.START, OTHERS));
                    assertEquals(
                            1,
                            page.items().stream()
                                    .filter(item -> item instanceof Listed.Entry entry
                                            && entry.key().equals(HOT))
                                    .count(),
                            "listing " + i);
                }
            } finally {
                listed.set(true);
                writer.join();
            }
        }
    }

    private void replace(StoreRoot root, AtomicBoolean listed) {
        while (!listed.get()) {
            assertEquals(
                    0,
                    posix.renameat2(
                            root.fd(), "next", root.fd(), BUCKET.value() + "/" + HOT.value(), Posix.RENAME_EXCHANGE));
            LockSupport.parkNanos(1_000_000);
        }
    }
}
