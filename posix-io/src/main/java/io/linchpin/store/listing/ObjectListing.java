package io.linchpin.store.listing;

import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.CorruptSidecarException;
import io.linchpin.store.sidecar.ForeignVersion;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarFiles;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists a bucket, a page at a time, with nothing kept between pages. Any node does so at any moment: objects that are
 * there throughout the call are listed, those that come or go meanwhile may be. Only what is returned has its metadata
 * read, and each entry is one version's: (inode, mtime, size) are the same before and after its sidecar was read.
 */
public final class ObjectListing {
    private static final Logger log = LoggerFactory.getLogger(ObjectListing.class);
    private static final int MAX_ROUNDS = 100;

    private final StoreRoot root;
    private final ObjectTree tree;
    private final SidecarFiles sidecars;
    private final int batch;

    public ObjectListing(StoreRoot root) {
        this(root, KeyWalker.BATCH);
    }

    ObjectListing(StoreRoot root, int batch) {
        this.root = root;
        this.tree = new ObjectTree(root);
        this.sidecars = new SidecarFiles(root);
        this.batch = batch;
    }

    /**
     * What is asked for.
     *
     * @param prefix empty: all keys
     * @param delimiter empty: none; else keys that have it after the prefix are rolled up to there
     * @param maxKeys entries and common prefixes of a page together, 0 or more
     */
    public record Query(String prefix, String delimiter, Bound after, int maxKeys) {}

    /**
     * A page.
     *
     * @param next where the following page begins; null where this is the last one
     */
    public record Page(List<Listed> items, @Nullable Bound next) {
        public boolean isTruncated() {
            return next != null;
        }
    }

    public Page list(BucketName bucket, Query query) throws IOException {
        KeyScan scan = new KeyScan(root, bucket, query.prefix(), batch, path -> {});
        List<Listed> items = new ArrayList<>();
        Bound bound = query.after();
        if (query.maxKeys() == 0) {
            return new Page(items, null);
        }
        for (String key = scan.next(bound); key != null; key = scan.next(bound)) {
            String common = commonPrefix(key, query);
            if (common != null) {
                if (items.size() == query.maxKeys()) {
                    return new Page(items, bound);
                }
                items.add(new Listed.CommonPrefix(common));
                bound = Bound.afterPrefix(common);
                continue;
            }
            Optional<Listed.Entry> entry = describe(new ObjectId(bucket, new ObjectKey(key)));
            if (entry.isPresent()) {
                // One more than fits is looked at: only then is it certain that there is a next page.
                if (items.size() == query.maxKeys()) {
                    return new Page(items, bound);
                }
                items.add(entry.get());
            }
            bound = Bound.after(key);
        }
        return new Page(items, null);
    }

    /**
     * Of a listing that begins inside a common prefix, what is left of it is rolled up to it still: so S3 does after a
     * start-after (a marker is taken to be past the whole of it, {@link Bound#marker}).
     */
    private static @Nullable String commonPrefix(String key, Query query) {
        if (query.delimiter().isEmpty()) {
            return null;
        }
        int at = key.indexOf(query.delimiter(), query.prefix().length());
        return at < 0 ? null : key.substring(0, at + query.delimiter().length());
    }

    /** The entry of one key; empty where it has vanished. */
    private Optional<Listed.Entry> describe(ObjectId object) throws IOException {
        Place.Occupied before = tree.look(object).occupied();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            if (before == null) {
                return Optional.empty();
            }
            Optional<Sidecar> sidecar = readSidecar(object, before);
            Place.Occupied after = tree.look(object).occupied();
            if (after != null && after.isSameFile(before.inode(), before.mtimeNanos(), before.size())) {
                return Optional.of(entry(object, before, sidecar));
            }
            before = after;
        }
        throw new PosixException(Errno.EAGAIN, "list", object.toString());
    }

    private Optional<Sidecar> readSidecar(ObjectId object, Place.Occupied file) throws IOException {
        try {
            return sidecars.find(object, new Stamp(file.mtimeNanos())).filter(s -> s.size() == file.size());
        } catch (CorruptSidecarException e) {
            // One bad sidecar must not hide a whole bucket. Whoever opens the object gets the error.
            log.error("the sidecar of {} cannot be trusted", object, e);
            return Optional.empty();
        }
    }

    private static Listed.Entry entry(ObjectId object, Place.Occupied file, Optional<Sidecar> sidecar) {
        Sidecar metadata =
                sidecar.orElseGet(() -> ForeignVersion.describe(object, file.inode(), file.mtimeNanos(), file.size()));
        Instant own = metadata.lastModified();
        return new Listed.Entry(
                object.key(),
                file.size(),
                metadata.etag(),
                own == null ? new Stamp(file.mtimeNanos()).instant() : own,
                List.copyOf(metadata.checksums().keySet()),
                metadata.checksumType(),
                sidecar.isEmpty());
    }
}
