package io.linchpin.posix.sim;

import io.linchpin.posix.Posix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A filesystem in memory that knows what processes see and, apart from it, what a power cut may leave.
 *
 * <p>What is kept apart, each thing for itself: every block, the size and the attributes of every inode, every name of every
 * directory. Each has its present value and the older ones since it was last synced; a power cut leaves any of them
 * ({@link Fault} says why that is legal). fdatasync makes a file's blocks and size durable, fsync its attributes too;
 * of a directory fsync makes the names durable; a file's sync never makes its name durable; syncfs does all.
 *
 * <p>As a {@link Posix} this object is its first process. {@link #newProcess} starts others. {@link #kill} ends the first
 * and starts it anew, {@link #powerCut} ends all. Threads that outlive their process should hold {@link #process()}, which
 * is dead for good, rather than this object. All values are shared between copies, so that {@link #fork} costs little.
 */
public final class SimulatedDisk extends ForwardingPosix {
    static final long ROOT = 1;

    final DiskSettings settings;
    private @Nullable Node[] nodes;
    private int nodesEnd;
    private final List<SimulatedProcess> processes = new ArrayList<>();
    private SimulatedProcess first;
    private long clockNanos = 1_700_000_000_000_000_000L;
    private long boot = 1;
    private long mount = 1;
    private int nextFd = 3;
    private long version;

    /** An empty disk with blocks of 4096 bytes. */
    public SimulatedDisk() {
        this(4096);
    }

    /**
     * An empty disk.
     *
     * @param blockBytes what a power cut keeps or loses as a whole: 512 (torn sectors) or more, a power of two
     */
    public SimulatedDisk(int blockBytes) {
        if (blockBytes < 16 || Integer.bitCount(blockBytes) != 1) {
            throw new IllegalArgumentException("block of " + blockBytes);
        }
        settings = new DiskSettings();
        settings.blockBytes = blockBytes;
        nodes = new Node[16];
        nodesEnd = 2;
        nodes[1] = Node.create(ROOT, 040755, clockNanos, 2, DirBody.empty(ROOT));
        first = newProcess();
    }

    private SimulatedDisk(SimulatedDisk of) {
        settings = of.settings.copy();
        nodes = of.nodes.clone();
        nodesEnd = of.nodesEnd;
        clockNanos = of.clockNanos;
        boot = of.boot;
        mount = of.mount;
        nextFd = of.nextFd;
        version = of.version;
        first = of.first;
        for (SimulatedProcess each : of.processes) {
            SimulatedProcess copy = each.copyTo(this);
            processes.add(copy);
            first = each == of.first ? copy : first;
        }
    }

    @Override
    protected Posix delegate() {
        return process();
    }

    /** The process that this object stands for at present. */
    public synchronized SimulatedProcess process() {
        return first;
    }

    /** Starts another process, which shares files and contends for locks. */
    public synchronized SimulatedProcess newProcess() {
        SimulatedProcess process = new SimulatedProcess(this);
        processes.add(process);
        return process;
    }

    /** All living processes, the first included, in the order of their starts; a {@link #fork} keeps the order. */
    public synchronized List<SimulatedProcess> processes() {
        return List.copyOf(processes);
    }

    /** The hook of the first process; a killed one's successor starts without. */
    public synchronized void hook(SyscallHook hook) {
        first.hook(hook);
    }

    /** A copy that goes its own way: disk, processes, descriptors and locks; hooks are shared. */
    public synchronized SimulatedDisk fork() {
        return new SimulatedDisk(this);
    }

    /** The first process dies between two calls and is started anew, with no descriptors and no locks. */
    public synchronized void kill() {
        kill(first);
    }

    /** A process dies between two calls. */
    public synchronized void kill(SimulatedProcess process) {
        process.die();
        processes.remove(process);
        if (process == first) {
            first = newProcess();
        }
    }

    /** Everything stops; each thing keeps one of its legal values; the machine starts again with one process. */
    public synchronized void powerCut(PowerCutChoice choice) {
        for (SimulatedProcess each : processes) {
            each.die();
        }
        processes.clear();
        nodes = new PowerCut(this, choice).run();
        boot++;
        mount++;
        first = newProcess();
    }

    /** {@link #powerCut(PowerCutChoice)} by chance. */
    public void powerCut(RandomGenerator random) {
        powerCut(PowerCutChoice.random(random));
    }

    /** A copy in which every process has died, and one has started. */
    public synchronized SimulatedDisk afterKill() {
        SimulatedDisk copy = new SimulatedDisk(this);
        copy.processes.forEach(SimulatedProcess::die);
        copy.processes.clear();
        copy.first = copy.newProcess();
        return copy;
    }

    /** A copy after a power cut. */
    public synchronized SimulatedDisk afterPowerCut(PowerCutChoice choice) {
        SimulatedDisk copy = new SimulatedDisk(this);
        copy.powerCut(choice);
        return copy;
    }

    /** Goes on with everything that changes what is on the disk, or what of it is durable. */
    public synchronized long version() {
        return version;
    }

    /** Every state that a power cut may leave here now; this disk stays as it is. */
    public PowerCutStates legalStates() {
        return new PowerCutStates(fork());
    }

    /**
     * A hash of all that processes see and all that a power cut may leave. Not of the clock, and not of processes,
     * descriptors and locks: take it where none matters, as after a kill.
     */
    public synchronized long stateHash() {
        long hash = Hashes.mix(Hashes.start(boot), mount);
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            if (node != null) {
                hash = Hashes.mix(hash, node.hash());
            }
        }
        return hash;
    }

    /** Changes with every power cut, as /proc/sys/kernel/random/boot_id does. */
    public synchronized String bootId() {
        return String.format("00000000-0000-4000-8000-%012x", boot);
    }

    /** Unmounts and mounts again: ends all processes, syncs all, and changes the mount id only. */
    public synchronized void remount() {
        for (SimulatedProcess each : processes) {
            each.die();
        }
        processes.clear();
        syncAll();
        mount++;
        first = newProcess();
    }

    /** Makes a symbolic link by hand, in the root directory or below it. */
    public synchronized void symlink(String path, String target) {
        PathWalk walk = PathWalk.walk(this, ROOT, path, 0, false);
        if (walk.error != 0 || !walk.isNamed() || walk.target != 0) {
            throw new IllegalArgumentException("no free name: " + path);
        }
        long number = allocate(0120777, new SymlinkBody(target), 1);
        put(enter(walk.parent, walk.name, number));
    }

    /** Sets the clock, from which ordinary writes take their times: nanoseconds since the epoch. */
    public synchronized void clock(long nanos) {
        clockNanos = nanos;
    }

    /** How far the clock goes on with each use: 0 makes files of one "tick" look alike, as coarse kernel clocks do. */
    public synchronized void tick(long nanos) {
        settings.tickNanos = nanos;
    }

    /** Without them renameat2 answers EINVAL to RENAME_EXCHANGE and RENAME_NOREPLACE, as some filesystems do. */
    public synchronized void renameFlags(boolean supported) {
        settings.renameFlags = supported;
    }

    /** Whether a new file gets the lowest inode number that is free, as on ext4; by default none is used twice. */
    public synchronized void reuseInodes(boolean reuse) {
        settings.reuseInodes = reuse;
    }

    /** The umask of its processes; 022 by default. */
    public synchronized void umask(int umask) {
        settings.umask = umask;
    }

    /** What fstatfs says ({@code f_type}); ext4 by default. */
    public synchronized void fsType(long magic) {
        settings.fsType = magic;
    }

    /** How many bytes can still be allocated from now on before ENOSPC. */
    public synchronized void freeSpace(long bytes) {
        settings.limitBlocks = usedBlocks() + bytes / settings.blockBytes;
    }

    /** How many inodes can still be made from now on before ENOSPC. */
    public synchronized void freeInodes(long count) {
        settings.limitInodes = usedInodes() + count;
    }

    /** A file's largest size in bytes, above which a write answers EFBIG; 4 GiB by default. */
    public synchronized void maxFileBytes(long bytes) {
        settings.limitFileBytes = bytes;
    }

    // ---- for the processes, who hold this object's monitor

    Node node(long number) {
        Node node = nodes[(int) number];
        if (node == null) {
            throw new IllegalStateException("no inode " + number);
        }
        return node;
    }

    @Nullable
    Node find(long number) {
        return nodes[(int) number];
    }

    int nodesEnd() {
        return nodesEnd;
    }

    void put(Node node) {
        version++;
        nodes[(int) node.number] = node;
    }

    /** The directory with a name added, replaced or (0) taken away. */
    Node enter(long directory, String name, long inode) {
        Node node = node(directory);
        return node.entered(((DirBody) node.body).set(name, inode), now());
    }

    void addLinks(long inode, int count) {
        Node node = node(inode);
        put(node.withLinks(node.links + count));
    }

    long allocate(int mode, Body body, int links) {
        int number = nodesEnd;
        if (settings.reuseInodes) {
            dropForgotten();
            number = 2;
            while (number < nodesEnd && nodes[number] != null) {
                number++;
            }
        }
        if (number >= nodes.length) {
            nodes = Arrays.copyOf(nodes, number * 2);
        }
        nodesEnd = Math.max(nodesEnd, number + 1);
        nodes[number] = Node.create(number, mode, now(), links, body);
        version++;
        return number;
    }

    long now() {
        clockNanos += settings.tickNanos;
        return clockNanos;
    }

    long mountId() {
        return mount;
    }

    int nextFd() {
        return nextFd++;
    }

    private boolean isOpen(long inode) {
        for (SimulatedProcess each : processes) {
            if (each.hasOpen(inode)) {
                return true;
            }
        }
        return false;
    }

    /** Whether an open file description other than this one holds the lock of an inode. */
    boolean isLocked(long inode, OpenFile except) {
        for (SimulatedProcess each : processes) {
            if (each.hasLocked(inode, except)) {
                return true;
            }
        }
        return false;
    }

    long freeBlocks() {
        return settings.limitBlocks == Long.MAX_VALUE ? Long.MAX_VALUE : settings.limitBlocks - usedBlocks();
    }

    long freeInodes() {
        return settings.limitInodes == Long.MAX_VALUE ? Long.MAX_VALUE : settings.limitInodes - usedInodes();
    }

    private long usedBlocks() {
        long used = 0;
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            if (node != null && (node.links > 0 || isOpen(i))) {
                used += node.body instanceof FileBody file ? file.allocated() : 1;
            }
        }
        return used;
    }

    private long usedInodes() {
        long used = 0;
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            used += node != null && (node.links > 0 || isOpen(i)) ? 1 : 0;
        }
        return used;
    }

    void syncAll() {
        version++;
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            if (node != null) {
                nodes[i] = node.synced();
            }
        }
        dropForgotten();
    }

    /** {@link Fault#FAILED_SYNC} of all files. */
    void syncAllFailed() {
        version++;
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            if (node != null && node.body instanceof FileBody file) {
                nodes[i] = node.withBody(file.syncFailed());
            }
        }
    }

    /** Drops inodes that have no name, that no power cut can give one, and that nobody has open. */
    private void dropForgotten() {
        boolean[] kept = new boolean[nodesEnd];
        kept[(int) ROOT] = true;
        for (int i = 1; i < nodesEnd; i++) {
            Node node = nodes[i];
            if (node != null && node.body instanceof DirBody dir) {
                for (int name = 0; name < dir.names.length; name++) {
                    kept[(int) dir.inodes[name]] = true;
                    for (long each : dir.older[name]) {
                        kept[(int) each] = true;
                    }
                }
            }
        }
        for (int i = 1; i < nodesEnd; i++) {
            if (!kept[i] && nodes[i] != null && !isOpen(i)) {
                nodes[i] = null;
            }
        }
    }
}
