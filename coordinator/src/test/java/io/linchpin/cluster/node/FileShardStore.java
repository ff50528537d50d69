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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Shards for tests of the cluster: real kernel locks over real shard files that hold their epoch, and no journal. Giving a
 * shard up takes a while, as it does in life.
 */
final class FileShardStore implements ShardStore {
    private static final long GIVE_UP_MILLIS = 20;

    private final StoreRoot root;
    private final Map<Integer, Long> heldEpochs = new ConcurrentHashMap<>();

    private FileShardStore(StoreRoot root) {
        this.root = root;
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
                    return new FileShardStore(root);
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
        FileIo.writeFully(lock.get().fd(), ByteBuffer.allocate(Long.BYTES).putLong(0, epoch), 0);
        heldEpochs.put(shard, epoch);
        return Optional.of(new Shard(shard, epoch, lock.get()));
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
    public void close() {}

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
            if (!heldEpochs.remove(number, epoch) || !lock.isIntact()) {
                throw new IOException("shard " + number + " was not ours any more");
            }
            lock.close();
        }
    }
}
