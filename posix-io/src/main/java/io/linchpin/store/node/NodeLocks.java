package io.linchpin.store.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a store, by their files below {@code .linchpin/nodes}:
 *
 * <pre>
 * formation              lock: one node at a time picks a slot, forms the cluster, or fences another
 * &lt;incarnation&gt;          lock: held by that node for life. Free means dead
 * &lt;incarnation&gt;.json     what the node says of itself ({@link NodeInfo}), replaced as a whole
 * &lt;incarnation&gt;.mount    what {@link #continuity} it lives in
 * &lt;incarnation&gt;.fence    whoever finds its own ends itself by SIGKILL
 * </pre>
 *
 * The files of a dead node are removed by {@link #sweep} only: so a lock file that is not there means dead as well. Safe
 * for concurrent use.
 */
public final class NodeLocks implements AutoCloseable {
    private static final String FORMATION = Names.FORMATION.substring(Names.NODES.length() + 1);
    private static final String INFO = ".json";
    private static final String FENCE = ".fence";
    private static final String MOUNT = ".mount";
    private static final int FILE_MODE = 0600;
    private static final int DIRECTORY_MODE = 0700;
    private static final int INFO_LIMIT_BYTES = 64 * 1024;
    private static final int MOUNT_BYTES = 16;
    private static final long FORMATION_POLL_MILLIS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Fd dir;
    private final Incarnation self;
    private final KernelLock lock;
    private final long continuity;
    private final AtomicInteger replacements = new AtomicInteger();
    private volatile NodeInfo info;

    private NodeLocks(Fd dir, Incarnation self, KernelLock lock, long continuity, NodeInfo info) {
        this.continuity = continuity;
        this.dir = dir;
        this.self = self;
        this.lock = lock;
        this.info = info;
    }

    /**
     * Begins a life: picks the lowest slot that no living node has, and locks this life's file until {@link #close} or the
     * end of the process.
     *
     * @param clockNanos the wall clock, in nanoseconds since the epoch
     * @param patience how long to wait for others that start at the same time
     * @throws IOException where all {@value Stamp#SLOTS} slots are taken, or the formation lock was not to be had in time
     */
    public static NodeLocks join(StoreRoot root, LongSupplier clockNanos, Duration patience)
            throws IOException, InterruptedException {
        Posix posix = root.posix();
        makeDirectory(posix, root.fd(), Names.HOME);
        makeDirectory(posix, root.fd(), Names.NODES);
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        Fd dir = Fd.open(posix, root.fd(), Names.NODES, flags, 0, StoreRoot.BENEATH);
        boolean joined = false;
        try (KernelLock _ = formation(dir, patience)) {
            Set<Incarnation> known = incarnations(dir);
            int slot = lowestFreeSlot(dir, known);
            Incarnation self = freshIncarnation(slot, clockNanos.getAsLong(), known);
            long continuity = continuity(root, dir, known, self);
            KernelLock lock = KernelLock.tryAcquire(posix, dir.number(), self.value())
                    .orElseThrow(
                            () -> new IOException("somebody holds the lock of a life that has not begun: " + self));
            FileIo.createSmall(
                            dir,
                            self + MOUNT,
                            FILE_MODE,
                            HexFormat.of().toHexDigits(continuity).getBytes(US_ASCII))
                    .close();
            NodeLocks locks = new NodeLocks(dir, self, lock, continuity, NodeInfo.starting());
            locks.publish(info -> info);
            joined = true;
            return locks;
        } finally {
            if (!joined) {
                dir.close();
            }
        }
    }

    private static void makeDirectory(Posix posix, int rootFd, String name) throws PosixException {
        int result = posix.mkdirat(rootFd, name, DIRECTORY_MODE);
        if (result != -Errno.EEXIST) {
            PosixException.check(result, "mkdirat", name);
        }
    }

    private static int lowestFreeSlot(Fd dir, Set<Incarnation> known) throws IOException {
        BitSet taken = new BitSet(Stamp.SLOTS);
        for (Incarnation incarnation : known) {
            if (isHeld(dir, incarnation)) {
                taken.set(incarnation.slot());
            }
        }
        int slot = taken.nextClearBit(0);
        if (slot >= Stamp.SLOTS) {
            throw new IOException("this store has " + Stamp.SLOTS + " living nodes, and no slot for another");
        }
        return slot;
    }

    /** A clock that was set back must not give a name that was used before. */
    private static Incarnation freshIncarnation(int slot, long startNanos, Set<Incarnation> known) {
        long start = startNanos;
        while (known.contains(Incarnation.of(slot, start))) {
            start++;
        }
        return Incarnation.of(slot, start);
    }

    /**
     * That of a living node, which has had the root open since before we came, as we have. Its mount may have another number
     * than ours: each namespace of mounts, so each container and many a service, sees the one filesystem under a number of
     * its own. Where nobody lives, that of our mount if no later one can have it, else one of this life's own.
     */
    private static long continuity(StoreRoot root, Fd dir, Set<Incarnation> known, Incarnation self)
            throws IOException {
        for (Incarnation incarnation : known) {
            if (isHeld(dir, incarnation)) {
                Optional<byte[]> since = FileIo.readSmallIfPresent(dir, incarnation + MOUNT, MOUNT_BYTES);
                if (since.isPresent() && since.get().length == MOUNT_BYTES) {
                    return HexFormat.fromHexDigitsToLong(new String(since.get(), US_ASCII));
                }
            }
        }
        FileStat mount = new FileStat();
        PosixException.check(
                root.posix().statx(root.fd(), "", Posix.AT_EMPTY_PATH, mount),
                "statx",
                root.path().toString());
        return mount.mountIdIsUnique ? mount.mountId : self.startNanos();
    }

    /**
     * Names a time in which the filesystem cannot have been unmounted: the same for all nodes that live at once, for each has
     * the root open, and for those that come after a gap where the mount is certainly the same.
     */
    public long continuity() {
        return continuity;
    }

    /**
     * The formation lock: one node at a time decides who forms the cluster.
     *
     * @throws IOException where it was not to be had in time
     */
    public KernelLock formation(Duration patience) throws IOException, InterruptedException {
        return formation(dir, patience);
    }

    private static KernelLock formation(Fd dir, Duration patience) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Optional<KernelLock> lock = KernelLock.tryAcquire(dir.posix(), dir.number(), FORMATION);
            if (lock.isPresent()) {
                return lock.get();
            }
            if (System.nanoTime() - deadline > 0) {
                throw new IOException("another node has held " + Names.NODES + "/" + FORMATION + " for "
                        + patience.toSeconds() + " s: it is starting, or stopped while starting");
            }
            Thread.sleep(FORMATION_POLL_MILLIS);
        }
    }

    public Incarnation self() {
        return self;
    }

    /** What this node last said of itself. */
    public NodeInfo info() {
        return info;
    }

    /**
     * Changes what this node says of itself. Not synced: it means nothing after a power cut.
     *
     * @param change of what was said last; several threads say something, and none is to undo what another has said
     */
    public synchronized void publish(UnaryOperator<NodeInfo> change) throws IOException {
        NodeInfo newInfo = change.apply(info);
        String fresh = self + ".new" + replacements.incrementAndGet();
        FileIo.createSmall(
                        dir,
                        fresh,
                        FILE_MODE,
                        JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(newInfo))
                .close();
        FileIo.rename(dir, fresh, dir, self + INFO, 0);
        info = newInfo;
    }

    /** All lives whose files are there, this one included, the oldest of a slot first. */
    public List<Peer> peers() throws IOException {
        List<Peer> peers = new ArrayList<>();
        for (Incarnation incarnation : incarnations(dir).stream().sorted().toList()) {
            peers.add(look(dir, incarnation));
        }
        return peers;
    }

    /** {@link #peers} for one who is no node: a supervisor, a command. */
    public static List<Peer> look(StoreRoot root) throws IOException {
        int flags = Posix.O_RDONLY | Posix.O_DIRECTORY;
        try (Fd dir = Fd.open(root.posix(), root.fd(), Names.NODES, flags, 0, StoreRoot.BENEATH)) {
            List<Peer> peers = new ArrayList<>();
            for (Incarnation incarnation : incarnations(dir).stream().sorted().toList()) {
                peers.add(look(dir, incarnation));
            }
            return peers;
        }
    }

    private static Peer look(Fd dir, Incarnation incarnation) throws IOException {
        return new Peer(incarnation, read(dir, incarnation), isHeld(dir, incarnation), isFenced(dir, incarnation));
    }

    private static @Nullable NodeInfo read(Fd dir, Incarnation incarnation) throws IOException {
        Optional<byte[]> bytes = FileIo.readSmallIfPresent(dir, incarnation + INFO, INFO_LIMIT_BYTES);
        if (bytes.isEmpty()) {
            return null;
        }
        try {
            return JSON.readValue(bytes.get(), NodeInfo.class);
        } catch (com.fasterxml.jackson.core.JacksonException e) {
            // Not synced: after a power cut it may be empty. A living node's is whole.
            return null;
        }
    }

    /** Whether that life has ended, witnessed by the kernel: its lock is free, or its files have been swept. */
    public boolean isDead(Incarnation incarnation) throws IOException {
        return !incarnation.equals(self) && !isHeld(dir, incarnation);
    }

    private static boolean isHeld(Fd dir, Incarnation incarnation) throws PosixException {
        try {
            return KernelLock.isHeldBySomebody(dir.posix(), dir.number(), incarnation.value());
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return false;
            }
            throw e;
        }
    }

    /** Opens a witness of another node's death; empty where its files have been swept. */
    public Optional<PeerLock> watch(Incarnation incarnation) throws IOException {
        try {
            int flags = Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK;
            return Optional.of(new PeerLock(incarnation, dir.open(incarnation.value(), flags, 0)));
        } catch (PosixException e) {
            if (e.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /**
     * Tells a node to end itself as soon as it runs again; unless this node is fenced itself, so that of two that find one
     * another silent one goes on. Repeated calls change nothing.
     *
     * @return false where nothing was done: this node is fenced, or somebody has the formation lock, under which it is
     *     decided
     */
    public boolean fence(Incarnation incarnation) throws IOException {
        Optional<KernelLock> decides = KernelLock.tryAcquire(dir.posix(), dir.number(), FORMATION);
        if (decides.isEmpty()) {
            return false;
        }
        try (KernelLock _ = decides.get()) {
            if (isFenced(self)) {
                return false;
            }
            dir.open(incarnation + FENCE, Posix.O_RDWR | Posix.O_CREAT, FILE_MODE)
                    .close();
            return true;
        }
    }

    public boolean isFenced(Incarnation incarnation) throws IOException {
        return isFenced(dir, incarnation);
    }

    private static boolean isFenced(Fd dir, Incarnation incarnation) throws IOException {
        return FileIo.statIfPresent(dir, incarnation + FENCE).isPresent();
    }

    /** Whether this node's lock file is still the one under its name: where not, others may take this node for dead. */
    public boolean isIntact() throws IOException {
        return lock.isIntact();
    }

    /**
     * Removes the files of the dead that nothing refers to.
     *
     * @param removable asked of every life that is certainly dead
     * @return those whose files were removed
     */
    public List<Incarnation> sweep(Predicate<Incarnation> removable) throws IOException {
        List<Incarnation> removed = new ArrayList<>();
        for (Incarnation incarnation : traces(dir)) {
            if (isDead(incarnation) && removable.test(incarnation)) {
                // The lock last: while it is there, the life is still to be swept.
                for (DirEntry entry : list(dir)) {
                    if (entry.name().startsWith(incarnation + ".")) {
                        FileIo.unlinkIfPresent(dir, entry.name());
                    }
                }
                FileIo.unlinkIfPresent(dir, incarnation.value());
                removed.add(incarnation);
            }
        }
        return removed;
    }

    /** As {@link #incarnations}, and those of which only other files are left: a power cut may keep these and lose the lock. */
    private static Set<Incarnation> traces(Fd dir) throws PosixException {
        Set<Incarnation> found = new HashSet<>();
        for (DirEntry entry : list(dir)) {
            int dot = entry.name().indexOf('.');
            String life = dot < 0 ? entry.name() : entry.name().substring(0, dot);
            if (Incarnation.isValid(life)) {
                found.add(new Incarnation(life));
            }
        }
        return found;
    }

    private static Set<Incarnation> incarnations(Fd dir) throws PosixException {
        Set<Incarnation> found = new HashSet<>();
        for (DirEntry entry : list(dir)) {
            if (Incarnation.isValid(entry.name())) {
                found.add(new Incarnation(entry.name()));
            }
        }
        return found;
    }

    /** By a description of its own, for a directory's position is shared by all who use one description. */
    private static List<DirEntry> list(Fd dir) throws PosixException {
        try (Fd own = dir.openDir(".")) {
            return FileIo.list(own);
        }
    }

    /** Ends this life: for everybody else this node is dead from now on. Its files stay until they are swept. */
    @Override
    public void close() {
        lock.close();
        dir.close();
    }
}
