package io.linchpin.store.publish;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The swap directory of an incarnation, {@code staging/<incarnation>/swap}: the only names that an exchange may leave
 * somebody else's file under. A name is never used twice, and says whose it was:
 *
 * <pre>&lt;upload&gt;.&lt;count&gt;.&lt;bucket&gt;.&lt;SHA-256 of the key&gt;</pre>
 *
 * Staged uploads have names of their own, one level up, which no exchange touches: those are always ours to unlink.
 */
public final class Swap {
    public static final String DIRECTORY = "swap";

    private static final Logger log = LoggerFactory.getLogger(Swap.class);
    private static final Pattern NAME =
            Pattern.compile("([0-9a-f]{32})\\.[0-9]+\\.([a-z0-9.-]{3,63})\\.([0-9a-f]{64})");

    private final String staging;
    private final String path;
    private final AtomicLong count = new AtomicLong();

    /** Whose file a swap name belongs to. */
    public record Owner(UploadId upload, String bucket, String keyHash) {}

    private Swap(String staging) {
        this.staging = staging;
        this.path = staging + "/" + DIRECTORY;
    }

    /** Opens the swap directory of our own incarnation, made where it is missing, with the staging directory above. */
    public static Swap open(StoreRoot root, Incarnation own) throws PosixException {
        String staging = Names.staging(own);
        try (Fd all = Fd.adopt(root.posix(), root.openDirectory(Names.STAGING), Names.STAGING)) {
            FileIo.mkdirIfAbsent(all, own.value(), 0700);
            FileIo.fsync(all);
            try (Fd mine = all.openDir(own.value())) {
                FileIo.mkdirIfAbsent(mine, DIRECTORY, 0700);
                FileIo.fsync(mine);
            }
        }
        return new Swap(staging);
    }

    /** A fresh name for one move of one record's key, as a path below the root. */
    String next(CommitRecord record) {
        return path + "/" + record.upload() + "." + count.getAndIncrement() + "."
                + record.object().bucket() + "." + Names.keyHash(record.object());
    }

    /** A fresh staging name for a file that publishing itself writes: like every staged name, never part of an exchange. */
    String fresh(CommitRecord record, String suffix) {
        return staging + "/" + record.upload() + "." + count.getAndIncrement() + suffix;
    }

    /** Reads a name back; empty for one that is none of ours. */
    public static Optional<Owner> parse(String name) {
        Matcher m = NAME.matcher(name);
        return m.matches()
                ? Optional.of(new Owner(new UploadId(m.group(1)), m.group(2), m.group(3)))
                : Optional.empty();
    }

    static Identity identity(FileStat stat) {
        return new Identity(stat.inode, stat.mtimeNanos, stat.size);
    }

    /** Keeps a hand-made file: moves it from a swap path to {@code displaced/}, under a name that a person can read. */
    public static void displace(StoreRoot root, String swapPath, ObjectId object) throws IOException {
        String readable = object.key().value().replaceAll("[^A-Za-z0-9._-]", "_");
        String leaf = swapPath.substring(swapPath.lastIndexOf('/') + 1);
        String base = object.bucket() + "." + readable.substring(0, Math.min(readable.length(), 100));
        displace(root, swapPath, base + "." + leaf.substring(0, leaf.indexOf('.', 33)));
    }

    /**
     * Keeps a file of which no more is known than its swap name. A name that is taken in {@code displaced/} (a power cut
     * may have kept both names of an earlier move) gets a number.
     */
    public static void displace(StoreRoot root, String swapPath, String name) throws IOException {
        for (int copy = 0; ; copy++) {
            String kept = Names.DISPLACED + "/" + name + (copy == 0 ? "" : "." + copy);
            int moved = root.posix().renameat2(root.fd(), swapPath, root.fd(), kept, Posix.RENAME_NOREPLACE);
            switch (-moved) {
                case 0 -> {
                    log.warn("a file made by hand stood in the way and is kept as {}", kept);
                    return;
                }
                case Errno.ENOENT -> {
                    return;
                }
                case Errno.EEXIST -> {}
                default -> throw new PosixException(-moved, "renameat2", swapPath + " to " + kept);
            }
        }
    }
}
