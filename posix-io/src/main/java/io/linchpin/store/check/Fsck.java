package io.linchpin.store.check;

import io.linchpin.posix.Fd;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.listing.KeyScan;
import io.linchpin.store.sidecar.ContentDigest;
import io.linchpin.store.sidecar.CorruptSidecarException;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarFiles;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks a store: every object against its sidecar, every sidecar against its object, and what lies about. It changes
 * nothing. Findings are told as they are met, and memory does not grow with the store. Of a store that is in use, what
 * changes meanwhile may be reported wrongly: only what it says of one at rest is certain.
 */
public final class Fsck {
    private static final Pattern SIDECAR_NAME = Pattern.compile("([0-9a-f]{64})\\.([0-9a-f]{16})");

    private final StoreRoot root;
    private final ObjectTree tree;
    private final SidecarFiles sidecars;
    private final Directories directories;
    private final Options options;
    private final Consumer<Finding> sink;
    private boolean journalsAreGone;
    private long objects;
    private long foreign;
    private long sidecarCount;
    private long uploads;
    private long findings;

    /**
     * What to do besides.
     *
     * @param digest whether to read every object and compare its ETag
     * @param rebind whether to read foreign files that may be versions which lost their time
     * @param live incarnations that are running: what they have in staging is in use
     */
    public record Options(boolean digest, boolean rebind, Set<Incarnation> live) {}

    /**
     * What was seen.
     *
     * @param foreign files made by hand, which is no fault
     * @param uploads multipart uploads in progress
     */
    public record Summary(long objects, long foreign, long sidecars, long uploads, long findings) {}

    private Fsck(StoreRoot root, Options options, Consumer<Finding> sink) {
        this.root = root;
        this.tree = new ObjectTree(root);
        this.sidecars = new SidecarFiles(root);
        this.directories = new Directories(root);
        this.options = options;
        this.sink = sink;
    }

    /** Runs the whole check. */
    public static Summary run(StoreRoot root, Options options, Consumer<Finding> sink) throws IOException {
        Fsck fsck = new Fsck(root, options, sink);
        fsck.run();
        return new Summary(fsck.objects, fsck.foreign, fsck.sidecarCount, fsck.uploads, fsck.findings);
    }

    private void run() throws IOException {
        // A journal that is left may hold records that need staged files and sidecars: replay comes before any repair.
        journalsAreGone = directories.isEmpty(Names.JOURNAL);
        directories.each(".", (path, name, isDirectory) -> {
            Optional<BucketName> bucket = isDirectory ? BucketName.parse(name) : Optional.empty();
            if (bucket.isPresent()) {
                checkBucket(bucket.get());
            }
        });
        directories.each(Names.SIDECARS, (path, name, isDirectory) -> {
            Optional<BucketName> bucket = isDirectory ? BucketName.parse(name) : Optional.empty();
            if (bucket.isPresent()) {
                checkSidecars(bucket.get());
            } else {
                tell(new Finding.StrayFile(path));
            }
        });
        checkStaging();
        checkBucketStates();
        directories.each(Names.DISPLACED, (path, name, isDirectory) -> tell(new Finding.Displaced(path)));
        checkUploads();
    }

    private void tell(Finding finding) {
        findings++;
        sink.accept(finding);
    }

    private void checkBucket(BucketName bucket) throws IOException {
        KeyScan scan = KeyScan.of(root, bucket, path -> tell(new Finding.UndecodableName(path)));
        for (String key = scan.next(); key != null; key = scan.next()) {
            checkObject(new ObjectId(bucket, new ObjectKey(key)));
        }
    }

    private void checkObject(ObjectId object) throws IOException {
        Place.Occupied file = tree.look(object).occupied();
        if (file == null) {
            return;
        }
        objects++;
        Optional<Sidecar> found;
        try {
            found = sidecars.find(object, new Stamp(file.mtimeNanos()));
        } catch (CorruptSidecarException e) {
            tell(new Finding.CorruptSidecar(Names.sidecar(object, new Stamp(file.mtimeNanos())), message(e)));
            return;
        }
        if (found.isEmpty()) {
            foreign++;
            if (options.rebind()) {
                findLostTime(object, file);
            }
            return;
        }
        Sidecar sidecar = found.get();
        if (sidecar.size() != file.size()) {
            tell(new Finding.SizeDiffers(object, file.size(), sidecar.size()));
        } else if (options.digest() && ContentDigest.isComparable(sidecar)) {
            ETag etag = digest(file, sidecar);
            if (!etag.equals(sidecar.etag())) {
                tell(new Finding.DigestDiffers(object, sidecar.etag(), etag));
            }
        }
    }

    private ETag digest(Place.Occupied file, Sidecar sidecar) throws IOException {
        int flags = Posix.O_RDONLY | Posix.O_NONBLOCK;
        try (Fd fd = Fd.open(root.posix(), root.fd(), file.path().toString(), flags, 0, StoreRoot.BENEATH)) {
            return ContentDigest.of(fd, sidecar);
        }
    }

    /** Looks among the key's sidecars for the newest of the file's size and content. */
    private void findLostTime(ObjectId object, Place.Occupied file) throws IOException {
        String hash = Names.keyHash(object);
        List<Stamp> candidates = new ArrayList<>();
        directories.each(Names.sidecarDirectory(object.bucket(), hash), (path, name, isDirectory) -> {
            Matcher m = SIDECAR_NAME.matcher(name);
            if (m.matches() && m.group(1).equals(hash)) {
                candidates.add(new Stamp(Long.parseUnsignedLong(m.group(2), 16)));
            }
        });
        candidates.sort(null);
        for (Stamp stamp : candidates.reversed()) {
            Sidecar sidecar = findQuietly(object, stamp);
            if (sidecar != null
                    && sidecar.size() == file.size()
                    && ContentDigest.isComparable(sidecar)
                    && digest(file, sidecar).equals(sidecar.etag())) {
                tell(new Finding.LostTime(object, file.path(), file.inode(), file.mtimeNanos(), file.size(), stamp));
                return;
            }
        }
    }

    /** One that cannot be trusted is told of elsewhere, where the sidecars are gone through. */
    private @Nullable Sidecar findQuietly(ObjectId object, Stamp stamp) throws IOException {
        try {
            return sidecars.find(object, stamp).orElse(null);
        } catch (CorruptSidecarException e) {
            return null;
        }
    }

    private void checkSidecars(BucketName bucket) throws IOException {
        // Sidecars of older versions have no file in place, and are no orphans.
        boolean removable = journalsAreGone && directories.isEmpty(Names.versions(bucket));
        directories.each(Names.sidecars(bucket), (directory, group, isDirectory) -> {
            if (!isDirectory) {
                tell(new Finding.StrayFile(directory));
                return;
            }
            directories.each(directory, (path, name, inside) -> checkSidecar(bucket, path, name, removable));
        });
    }

    private void checkSidecar(BucketName bucket, String path, String name, boolean removable) throws IOException {
        Matcher m = SIDECAR_NAME.matcher(name);
        if (!m.matches()) {
            tell(new Finding.StrayFile(path));
            return;
        }
        sidecarCount++;
        Stamp stamp = new Stamp(Long.parseUnsignedLong(m.group(2), 16));
        Optional<Sidecar> sidecar;
        try {
            sidecar = sidecars.read(path);
        } catch (CorruptSidecarException e) {
            tell(new Finding.CorruptSidecar(path, message(e)));
            return;
        }
        if (sidecar.isEmpty()) {
            return;
        }
        ObjectId object = sidecar.get().object();
        if (!object.bucket().equals(bucket) || !path.equals(Names.sidecar(object, stamp))) {
            tell(new Finding.CorruptSidecar(path, "of another key than its name says"));
            return;
        }
        Place.Occupied file = tree.look(object).occupied();
        if (file == null) {
            tell(new Finding.OrphanSidecar(object, stamp, path, removable));
        } else if (file.mtimeNanos() != stamp.nanos()) {
            // Of a file that lost its time this may be the sidecar: only that of one with its own goes.
            boolean bound = findQuietly(object, new Stamp(file.mtimeNanos())) != null;
            tell(new Finding.OrphanSidecar(object, stamp, path, removable && bound));
        }
    }

    private void checkStaging() throws IOException {
        Awaited awaited = Awaited.in(root);
        directories.each(Names.STAGING, (path, name, isDirectory) -> {
            if (!isDirectory || !Incarnation.isValid(name)) {
                tell(new Finding.StrayFile(path));
            } else if (!options.live().contains(new Incarnation(name))) {
                directories.each(path, (file, leaf, isSwap) -> {
                    if (isSwap) {
                        directories.each(file, (swapped, n, d) -> tell(new Finding.SwapLeftover(swapped)));
                    } else {
                        tell(new Finding.StagingLeftover(file, journalsAreGone && !awaited.holds(file)));
                    }
                });
            }
        });
    }

    private void checkBucketStates() throws IOException {
        directories.each(Names.BUCKETS, (path, name, isDirectory) -> {
            boolean known = BucketName.parse(name).isPresent() || name.equals(Names.BUCKETS_LOCK);
            if (!isDirectory && known) {
                return;
            }
            int end = name.indexOf('.', 1);
            String writer = name.startsWith(".") && end > 0 ? name.substring(1, end) : "";
            if (isDirectory || !Incarnation.isValid(writer)) {
                tell(new Finding.StrayFile(path));
            } else if (!options.live().contains(new Incarnation(writer))) {
                tell(new Finding.StagingLeftover(path, true));
            }
        });
    }

    private void checkUploads() throws IOException {
        directories.each(Names.UPLOADS, (path, name, isDirectory) -> {
            int bucket = root.openDirectory(name);
            boolean present = bucket >= 0;
            if (present) {
                root.posix().close(bucket);
            }
            directories.each(path, (upload, id, d) -> {
                if (present) {
                    uploads++;
                } else {
                    tell(new Finding.UploadLeftover(upload));
                }
            });
        });
    }

    private static String message(Exception e) {
        return String.valueOf(e.getMessage());
    }
}
