package io.linchpin.cluster.bucket;

import io.linchpin.cluster.api.BucketOutcome;
import io.linchpin.cluster.shard.ShardAgent.Drained;
import io.linchpin.posix.Errno;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.PosixException;
import io.linchpin.store.bucket.BucketLife;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketState.Status;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.shard.ShardFile;
import io.linchpin.store.value.BucketName;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The blocking half of a bucket's owner. Every step runs under one kernel lock of the store, and not at all once its owner
 * has stopped: so a step that an owner left behind never runs beside, or after, one of the next owner.
 */
public final class BucketFiles {
    /** No bucket's name begins with a dot. */
    private static final String LOCK = Names.BUCKETS + "/" + Names.BUCKETS_LOCK;

    private static final int DIRECTORY_MODE = 0700;
    private static final long LOCK_POLL_MILLIS = 2;
    private static final int LOCK_POLLS = 5000;

    private final StoreRoot root;
    private final BucketStates states;
    private final BucketLife life;
    private final int shards;

    /**
     * Over the store's buckets.
     *
     * @param shards the store's number of shards
     */
    public BucketFiles(StoreRoot root, BucketStates states, BucketLife life, int shards) {
        this.root = root;
        this.states = states;
        this.life = life;
        this.shards = shards;
    }

    int shards() {
        return shards;
    }

    /** A step of an owner that has stopped: nothing was done. */
    static final class Stopped extends IOException {
        private static final long serialVersionUID = 1;

        Stopped() {
            super("this owner has stopped");
        }
    }

    private interface Step<T> {
        T run() throws IOException;
    }

    private <T> T locked(BooleanSupplier stopped, Step<T> step) throws IOException {
        makeDirectory();
        try (KernelLock _ = lock()) {
            if (stopped.getAsBoolean()) {
                throw new Stopped();
            }
            return step.run();
        }
    }

    private void makeDirectory() throws PosixException {
        for (String path : List.of(Names.HOME, Names.BUCKETS)) {
            int made = root.posix().mkdirat(root.fd(), path, DIRECTORY_MODE);
            if (made != -Errno.EEXIST) {
                PosixException.check(made, "mkdirat", path);
            }
        }
    }

    private KernelLock lock() throws IOException {
        try {
            for (int i = 0; i < LOCK_POLLS; i++) {
                Optional<KernelLock> lock = KernelLock.tryAcquire(root.posix(), root.fd(), LOCK);
                if (lock.isPresent()) {
                    return lock.get();
                }
                Thread.sleep(LOCK_POLL_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new PosixException(Errno.EBUSY, "fcntl", LOCK);
    }

    /** A deletion that an earlier owner did not end is taken back. */
    boolean recover(BucketName name, BooleanSupplier stopped) throws IOException {
        return locked(stopped, () -> {
            Optional<BucketState> state = states.read(name);
            if (state.isPresent() && state.get().status() == Status.CLOSING) {
                life.write(with(state.get(), Status.OPEN));
                return true;
            }
            return false;
        });
    }

    /** Removes what a removal that was cut short has left of a bucket that is gone. */
    void finishRemoval(BucketName name) throws IOException {
        locked(() -> false, () -> {
            if (states.read(name).isEmpty()) {
                life.remove(name);
            }
            return name;
        });
    }

    BucketOutcome.OfCreate create(BucketName name, String region, BooleanSupplier stopped) throws IOException {
        return locked(stopped, () -> switch (life.create(name, region)) {
            case BucketLife.Creation.Created(BucketState state) -> new BucketOutcome.Created(state.generation());
            case BucketLife.Creation.Existing(BucketState state) -> new BucketOutcome.AlreadyExists(state.region());
            case BucketLife.Creation.NameTaken() -> new BucketOutcome.Failed(Errno.EEXIST, "mkdirat");
        });
    }

    /** What the beginning of a deletion comes to. */
    sealed interface Closing {
        /** The intent is durable; now every shard must drain. */
        record Begun(BucketState state) implements Closing {}

        record Refused(BucketOutcome.OfDelete outcome) implements Closing {}
    }

    Closing close(BucketName name, BooleanSupplier stopped) throws IOException {
        return locked(stopped, () -> {
            Optional<BucketState> state = states.read(name);
            if (state.isEmpty()) {
                return new Closing.Refused(new BucketOutcome.NoSuchBucket());
            }
            if (!life.looksEmpty(name)) {
                return new Closing.Refused(new BucketOutcome.NotEmpty());
            }
            BucketState closing = with(state.get(), Status.CLOSING);
            life.write(closing);
            return new Closing.Begun(closing);
        });
    }

    /**
     * Ends a deletion.
     *
     * @param drained one acknowledgement a shard; not all of them, and the bucket is open again
     */
    BucketOutcome.OfDelete remove(BucketState closing, List<Drained> drained, BooleanSupplier stopped)
            throws IOException {
        return locked(stopped, () -> {
            Optional<BucketState> now = states.read(closing.name());
            if (now.isEmpty()
                    || now.get().generation() != closing.generation()
                    || now.get().status() != Status.CLOSING) {
                return new BucketOutcome.Busy("the bucket changed while it was being deleted");
            }
            if (!areValid(drained)) {
                life.write(with(closing, Status.OPEN));
                return new BucketOutcome.Busy("shards moved while the bucket was being deleted");
            }
            BucketLife.Removal removal;
            try {
                removal = life.remove(closing.name());
            } catch (IOException e) {
                if (states.read(closing.name()).isPresent()) {
                    life.write(with(closing, Status.OPEN));
                }
                throw e;
            }
            return switch (removal) {
                case BucketLife.Removal.Removed() -> new BucketOutcome.Removed();
                case BucketLife.Removal.NotEmpty() -> {
                    life.write(with(closing, Status.OPEN));
                    yield new BucketOutcome.NotEmpty();
                }
            };
        });
    }

    /** Each shard drained in the epoch that its ledger still shows. */
    private boolean areValid(List<Drained> drained) throws IOException {
        if (drained.size() != shards) {
            return false;
        }
        for (Drained d : drained) {
            if (ShardFile.peek(root, d.shard()).epoch() != d.epoch()) {
                return false;
            }
        }
        return true;
    }

    private static BucketState with(BucketState state, Status status) {
        return new BucketState(state.name(), state.generation(), status, state.createdAt(), state.region());
    }
}
