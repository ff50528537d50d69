package io.linchpin.store.layout;

import static io.linchpin.posix.PosixException.check;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The look at a filesystem before a store on it is used: whether it keeps what Linchpin relies on, and which of its
 * optional gifts it has. It works in a directory of its own below {@code .linchpin}, and touches nothing else.
 *
 * <p>Refused: no openat2 that stays beneath a directory, read-only, directories that cannot be synced, parts of the store
 * on another mount, mtimes without nanoseconds, inodes that change, locks that do not lock, no hard links, names that are
 * folded, normalised, shortened or altered.
 */
public final class Probe {
    private static final long MTIME_NANOS = 1_700_000_000_123_456_789L;
    private static final int BUCKETS_NAMED = 5;
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private final StoreRoot root;
    private final Posix posix;
    private final Fd dir;
    private final ProbeDirectory directory;
    private final List<String> sentences = new ArrayList<>();

    private Probe(StoreRoot root, ProbeDirectory directory) {
        this.root = root;
        this.posix = root.posix();
        this.directory = directory;
        this.dir = directory.fd();
    }

    /** What {@link #run} found. */
    public sealed interface Result {
        /**
         * A store may be here.
         *
         * @param sentences for the operator: how this filesystem is treated, and what is lost where it lacks something
         */
        record Fit(StoreCapabilities capabilities, List<String> sentences) implements Result {}

        /** No store can be here: one sentence that says why. */
        record Refused(String sentence) implements Result {}
    }

    /**
     * Probes the filesystem under the root; makes {@code .linchpin} where it is missing.
     *
     * @param bootId names this boot of the machine: {@link #kernelBootId}
     * @param ids names for temporary files, never the same one twice
     */
    public static Result run(StoreRoot root, Supplier<String> bootId, Supplier<UploadId> ids) {
        Filesystems filesystem = new Filesystems("an unknown filesystem", false);
        String sentence;
        try {
            FsStat fs = new FsStat();
            check(root.posix().fstatfs(root.fd(), fs), "fstatfs", root.path().toString());
            filesystem = Filesystems.of(fs.type);
            try (ProbeDirectory directory = ProbeDirectory.make(root, ids.get())) {
                Probe probe = new Probe(root, directory);
                sentence = probe.firstRefusal();
                if (sentence == null) {
                    return probe.fit(fs.type, filesystem, bootId.get());
                }
            }
        } catch (PosixException e) {
            sentence = cause(e);
        }
        return new Result.Refused(
                "Linchpin cannot keep a store in " + root.path() + " (" + filesystem.name() + "): " + sentence + ".");
    }

    /** The kernel's id of this boot. */
    public static String kernelBootId() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + BOOT_ID, e);
        }
    }

    private static String cause(PosixException e) {
        return switch (e.errno()) {
            case Errno.EROFS -> "it is mounted read-only";
            case Errno.EACCES, Errno.EPERM -> "this user may not write there (" + e.getMessage() + ")";
            case Errno.ENOSPC, Errno.EDQUOT -> "it is full (" + e.getMessage() + ")";
            case Errno.ENOSYS -> "the kernel lacks " + e.call() + "; Linux 5.8 or later is needed";
            case Errno.ENOTDIR, Errno.ELOOP ->
                "something else has the name of a directory of Linchpin (" + e.getMessage() + ")";
            default -> "a system call that must work fails: " + e.getMessage();
        };
    }

    private @Nullable String firstRefusal() throws PosixException {
        List<Check> checks = List.of(
                this::beneath,
                this::sameMount,
                this::directorySync,
                this::names,
                this::longName,
                this::timesAndInodes,
                this::locks,
                this::hardLinks);
        for (Check c : checks) {
            String refusal = c.refusal();
            if (refusal != null) {
                return refusal;
            }
        }
        return null;
    }

    @FunctionalInterface
    private interface Check {
        @Nullable
        String refusal() throws PosixException;
    }

    private Result fit(long fsType, Filesystems filesystem, String bootId) throws PosixException {
        if (bootId.isBlank()) {
            return new Result.Refused(
                    "Linchpin cannot tell one boot of this machine from another: its boot id is empty.");
        }
        FileStat stat = new FileStat();
        check(
                posix.statx(root.fd(), "", Posix.AT_EMPTY_PATH, stat),
                "statx",
                root.path().toString());
        // syncfs reports what failed to be written since Linux 5.8, which also brought the mount id.
        boolean trustSyncfs = filesystem.syncfsKeepsItsPromises() && stat.mountId != 0;
        if (!noReplace()) {
            return new Result.Refused("Linchpin cannot keep objects in " + root.path() + ": " + filesystem.name()
                    + " lacks RENAME_NOREPLACE here, and without it a file that a person has just made at a key's path"
                    + " could be overwritten unseen.");
        }
        boolean exchange = exchange();
        describe(filesystem, trustSyncfs, exchange);
        if (!stat.mountIdIsUnique) {
            sentences.add("This kernel (before Linux 6.8) may give a later mount the number of this one: once all nodes"
                    + " have been down, the next start replays the journals as after a reboot.");
        }
        foreignBuckets(stat);
        return new Result.Fit(
                new StoreCapabilities(
                        exchange,
                        trustSyncfs,
                        fsType,
                        filesystem.name(),
                        stat.device,
                        stat.mountId,
                        stat.mountIdIsUnique,
                        bootId),
                List.copyOf(sentences));
    }

    private void describe(Filesystems filesystem, boolean trustSyncfs, boolean exchange) {
        sentences.add(root.path() + " is on " + filesystem.name() + ": a checkpoint "
                + (trustSyncfs
                        ? "is one syncfs."
                        : "syncs each file and directory by itself, for syncfs is not trusted there."));
        if (filesystem.name().equals("tmpfs")) {
            sentences.add("tmpfs is memory: nothing survives a reboot.");
        }
        if (!exchange) {
            sentences.add("The filesystem lacks RENAME_EXCHANGE: a file that a person saves at a key's path in the very"
                    + " moment in which that key is overwritten is lost.");
        }
    }

    private @Nullable String beneath() throws PosixException {
        int fd = posix.openat2(dir.number(), "../..", Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH);
        if (fd >= 0) {
            posix.close(fd);
            return "openat2 leaves the directory that it was told to stay beneath";
        }
        return fd == -Errno.EXDEV ? null : "openat2 with RESOLVE_BENEATH fails with " + Errno.name(-fd);
    }

    private @Nullable String sameMount() throws PosixException {
        FileStat top = new FileStat();
        check(
                posix.statx(root.fd(), "", Posix.AT_EMPTY_PATH, top),
                "statx",
                root.path().toString());
        List<String> directories = new ArrayList<>(StoreFormat.DIRECTORIES);
        directories.add(Names.HOME);
        for (String directory : directories) {
            FileStat stat = new FileStat();
            int result = posix.statx(root.fd(), directory, 0, stat);
            if (result == -Errno.ENOENT) {
                continue;
            }
            check(result, "statx", directory);
            if (!stat.isDirectory()) {
                return directory + " is not a directory";
            }
            // rename(2): EXDEV across mount points, even where the same filesystem is mounted on both.
            if (isElsewhere(stat, top)) {
                return directory + " is on another mount than the root, and files cannot be moved between the two";
            }
        }
        return null;
    }

    private static boolean isElsewhere(FileStat stat, FileStat top) {
        return stat.device != top.device || stat.mountId != top.mountId;
    }

    private void foreignBuckets(FileStat top) throws PosixException {
        List<String> elsewhere = new ArrayList<>();
        try (Fd all = Fd.open(posix, root.fd(), ".", Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH)) {
            for (DirEntry entry : FileIo.list(all)) {
                FileStat stat = new FileStat();
                if (BucketName.isValid(entry.name())
                        && posix.statx(root.fd(), entry.name(), 0, stat) == 0
                        && stat.isDirectory()
                        && isElsewhere(stat, top)) {
                    elsewhere.add(entry.name());
                }
            }
        }
        elsewhere.sort(null);
        if (!elsewhere.isEmpty()) {
            int more = elsewhere.size() - BUCKETS_NAMED;
            sentences.add("On another mount than the root, and so not writable through Linchpin: "
                    + String.join(", ", elsewhere.subList(0, Math.min(BUCKETS_NAMED, elsewhere.size())))
                    + (more > 0 ? " and " + more + " more buckets." : "."));
        }
    }

    private @Nullable String directorySync() {
        int result = posix.fsync(dir.number());
        return result < 0 ? "a directory cannot be synced (" + Errno.name(-result) + ")" : null;
    }

    private @Nullable String names() throws PosixException {
        String composed = "Probe.\u00e9";
        String altered = "odd\\:*?\"<>|\n.";
        directory.create(composed).close();
        if (exists("probe.\u00e9") || exists("Probe.\u00c9")) {
            return "it does not tell upper from lower case in file names";
        }
        if (exists("Probe.e\u0301")) {
            return "it normalises file names (é as one character and as two is the same to it)";
        }
        int fd = posix.openat2(
                dir.number(), altered, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, 0600, StoreRoot.BENEATH);
        if (fd < 0) {
            return "it does not take every character in file names (" + Errno.name(-fd) + ")";
        }
        posix.close(fd);
        List<String> listed = FileIo.list(dir).stream().map(DirEntry::name).toList();
        return listed.contains(composed) && listed.contains(altered) && !exists("odd\\:*?\"<>|\n")
                ? null
                : "it alters file names";
    }

    private boolean exists(String name) throws PosixException {
        return FileIo.statIfPresent(dir, name).isPresent();
    }

    private @Nullable String longName() throws PosixException {
        String longest = "\u00e9".repeat(KeyCodec.MAX_NAME_BYTES / 2) + "x";
        int fd = posix.openat2(
                dir.number(), longest, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, 0600, StoreRoot.BENEATH);
        if (fd < 0) {
            return "it does not take file names of " + KeyCodec.MAX_NAME_BYTES + " bytes (" + Errno.name(-fd) + ")";
        }
        posix.close(fd);
        return null;
    }

    private @Nullable String timesAndInodes() throws PosixException {
        for (long nanos : new long[] {MTIME_NANOS, MTIME_NANOS + 1}) {
            String before = "time." + nanos;
            String after = "moved." + nanos;
            long inode;
            try (Fd fd = FileIo.createSmall(dir, before, 0600, before.getBytes(StandardCharsets.UTF_8))) {
                inode = FileIo.stat(fd).inode;
                check(posix.futimens(fd.number(), nanos), "futimens", before);
                FileIo.fsync(fd);
            }
            FileIo.rename(dir, before, dir, after, 0);
            FileStat found = FileIo.statIfPresent(dir, after).orElse(null);
            if (found == null || found.inode != inode) {
                return "a file does not keep its inode when it is renamed";
            }
            if (found.mtimeNanos != nanos) {
                return "it does not keep modification times to the nanosecond";
            }
        }
        return null;
    }

    private @Nullable String locks() throws PosixException {
        try (Fd first = directory.create("lock");
                Fd third = dir.open("lock", Posix.O_RDWR, 0)) {
            int refused = 0;
            boolean seen;
            try (Fd second = dir.open("lock", Posix.O_RDWR, 0)) {
                check(posix.ofdSetLock(second.number()), "fcntl(F_OFD_SETLK)", "lock");
                refused = posix.ofdSetLock(first.number());
                seen = check(posix.ofdGetLock(first.number()), "fcntl(F_OFD_GETLK)", "lock") == 1;
            }
            // Closed is unlocked, as it would be by the death of the process.
            boolean free = posix.ofdGetLock(first.number()) == 0 && posix.ofdSetLock(third.number()) == 0;
            return (refused == -Errno.EAGAIN || refused == -Errno.EACCES) && seen && free
                    ? null
                    : "its file locks do not exclude each other";
        }
    }

    private @Nullable String hardLinks() throws PosixException {
        directory.create("one").close();
        int linked = posix.linkat(dir.number(), "one", dir.number(), "two");
        if (linked < 0) {
            return "it has no hard links (" + Errno.name(-linked) + ")";
        }
        FileStat one = FileIo.statIfPresent(dir, "one").orElse(null);
        FileStat two = FileIo.statIfPresent(dir, "two").orElse(null);
        return one != null && two != null && one.inode == two.inode && two.links == 2
                ? null
                : "two hard links of one file do not look like one file";
    }

    private boolean noReplace() throws PosixException {
        directory.create("noreplace.a").close();
        directory.create("noreplace.b").close();
        int taken = rename("noreplace.a", "noreplace.b", Posix.RENAME_NOREPLACE);
        return taken == -Errno.EEXIST && rename("noreplace.a", "noreplace.c", Posix.RENAME_NOREPLACE) == 0;
    }

    private boolean exchange() throws PosixException {
        directory.create("exchange.a").close();
        directory.create("exchange.b").close();
        long inode = FileIo.statIfPresent(dir, "exchange.a").orElseThrow().inode;
        return rename("exchange.a", "exchange.b", Posix.RENAME_EXCHANGE) == 0
                && FileIo.statIfPresent(dir, "exchange.b").orElseThrow().inode == inode
                && exists("exchange.a");
    }

    private int rename(String from, String to, int flags) {
        return posix.renameat2(dir.number(), from, dir.number(), to, flags);
    }
}
