package io.linchpin.cluster.node;

import io.linchpin.posix.FileIo;
import io.linchpin.posix.KernelLock;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.OwnedShard;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Shards for tests of the cluster: real kernel locks over real shard files that hold their epoch and owner, and no journal. Giving a
 * shard up takes a while, as it does in life.
 */
final class FileShardStore implements ShardStore {
    private static final long GIVE_UP_MILLIS = 20;

    private final StoreRoot root;
    private final Incarnation self;
    private final Map<Integer, Shard> held = new ConcurrentHashMap<>();

    private FileShardStore(StoreRoot root, Incarnation self) {
        this.root = root;
        this.self = self;
    }

    static ShardStoreFactory factory() {
        return (root, newStoreShards) -> {
            Files.createDirectories(root.path().resolve(Names.SHARDS));
            Path format = root.path().resolve(Names.FORMAT);
            if (!Files.exists(format)) {
                Files.writeString(format, Integer.toString(newStoreShards));
            }
            int shards = Integer.parseInt(Files.readString(format));
            return new ShardStoreFactory.Prepared() {
                @Override
                public int shards() {
                    return shards;
                }

                @Override
                public ShardStore open(NodeLocks locks, Fatal fatal) {
                    return new FileShardStore(root, locks.self());
                }
            };
        };
    }

    @Override
    public Optional<OwnedShard> tryTake(int shard) throws IOException {
        Optional<KernelLock> lock = KernelLock.tryAcquire(root.posix(), root.fd(), Names.shard(shard));
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.allocate(Long.BYTES);
        long read = FileIo.readFully(lock.get().fd(), buffer, 0);
        long epoch = read < Long.BYTES ? 1 : buffer.getLong(0) + 1;
        byte[] owner = self.value().getBytes(StandardCharsets.US_ASCII);
        ByteBuffer written = ByteBuffer.allocate(Long.BYTES + owner.length);
        FileIo.writeFully(lock.get().fd(), written.putLong(epoch).put(owner).flip(), 0);
        Shard taken = new Shard(shard, epoch, lock.get());
        held.put(shard, taken);
        return Optional.of(taken);
    }

    @Override
    public boolean allReplayedInThisBoot() {
        return true;
    }

    @Override
    public void checkpoint() {}

    @Override
    public JournalStatus journalStatus() {
        return new JournalStatus(1, 0, 0, 0, 0);
    }

    @Override
    public boolean refersTo(Incarnation incarnation) {
        return false;
    }

    @Override
    public Set<Incarnation> journalsListed() {
        return Set.of();
    }

    @Override
    public Set<Incarnation> journalsListed(int shard) throws IOException {
        Path path = root.path().resolve(Names.shard(shard));
        // A shard that nobody has taken yet has none.
        byte[] file = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        return file.length <= Long.BYTES
                ? Set.of()
                : Set.of(new Incarnation(
                        new String(file, Long.BYTES, file.length - Long.BYTES, StandardCharsets.US_ASCII)));
    }

    /** Drops all locks, as the end of a process does. */
    @Override
    public void close() {
        held.values().forEach(shard -> shard.lock.close());
    }

    private final class Shard implements OwnedShard {
        private final int number;
        private final long epoch;
        private final KernelLock lock;

        Shard(int number, long epoch, KernelLock lock) {
            this.number = number;
            this.epoch = epoch;
            this.lock = lock;
        }

        @Override
        public int number() {
            return number;
        }

        @Override
        public long epoch() {
            return epoch;
        }

        @Override
        public void submit(Mutation mutation, boolean resend, Consumer<Outcome> reply) {
            reply.accept(new Outcome.Unknown());
        }

        @Override
        public boolean isUnderWay(UploadId mutation) {
            return false;
        }

        @Override
        public int inFlight() {
            return 0;
        }

        @Override
        public void closeGate() {}

        @Override
        public void drain() {}

        @Override
        public void giveUp() throws IOException, InterruptedException {
            Thread.sleep(GIVE_UP_MILLIS);
            if (!held.remove(number, this) || !lock.isIntact()) {
                throw new IOException("shard " + number + " was not ours any more");
            }
            lock.close();
        }
    }
}
