package io.linchpin.store.listing;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Walks one tree of a bucket in the order of its keys' bytes, and enters only the directories that it must.
 *
 * <p>A child of a directory sorts by the text that all keys below it begin with: {@code a/} for a directory {@code a}, so
 * that {@code a!} comes before what is in it and {@code a0} after. Of each directory on the way the next {@value #BATCH}
 * children are held; a larger one is read again for the rest. No descriptor stays open between calls, and what vanishes
 * meanwhile is passed over.
 */
final class KeyWalker {
    /** Children of one directory held at once. */
    static final int BATCH = 4096;

    private final StoreRoot root;
    private final KeyPath.Form form;
    private final String prefix;
    private final Consumer<String> refused;
    private final int batch;
    private final Deque<Frame> stack = new ArrayDeque<>();

    /** @param refused told the path of each name that is no part of a key */
    KeyWalker(
            StoreRoot root, BucketName bucket, KeyPath.Form form, String prefix, int batch, Consumer<String> refused) {
        this.root = root;
        this.form = form;
        this.prefix = prefix;
        this.batch = batch;
        this.refused = refused;
        stack.push(new Frame(form == KeyPath.Form.NATURAL ? bucket.value() : Names.odd(bucket), ""));
    }

    /** The next key after the bound and after the one returned before; null at the end. */
    @Nullable
    String next(Bound bound) throws PosixException {
        while (!stack.isEmpty()) {
            Frame frame = stack.element();
            Child child = frame.next(bound);
            if (child == null) {
                stack.pop();
            } else if (child.directory) {
                stack.push(new Frame(frame.path + "/" + child.name, child.under));
            } else {
                return child.under;
            }
        }
        return null;
    }

    /** @param under the key of a file; what the keys below begin with, of a directory */
    private record Child(String name, String under, boolean directory) implements Comparable<Child> {
        @Override
        public int compareTo(Child other) {
            return ObjectKey.compareUtf8(under, other.under);
        }
    }

    /** One directory on the way from the top. */
    private final class Frame {
        private final String path;
        private final String start;
        private List<Child> children = List.of();
        private int at;
        private boolean more = true;
        private boolean read;
        private String last = "";

        Frame(String path, String start) {
            this.path = path;
            this.start = start;
        }

        @Nullable
        Child next(Bound bound) throws PosixException {
            while (true) {
                while (at < children.size()) {
                    Child child = children.get(at++);
                    // What is replaced while the directory is read may come twice.
                    boolean again = child.under.equals(last);
                    last = child.under;
                    if (!again && admits(child, bound)) {
                        return child;
                    }
                }
                if (!more) {
                    return null;
                }
                fill(bound);
            }
        }

        private void fill(Bound bound) throws PosixException {
            more = false;
            at = 0;
            children = List.of();
            int number = root.openDirectory(path);
            if (ObjectTree.isAbsence(number)) {
                return;
            }
            PosixException.check(number, "openat2", path);
            // The greatest of those held is on top, to make room for a lesser one.
            PriorityQueue<Child> least = new PriorityQueue<>((a, b) -> b.compareTo(a));
            try (Fd directory = Fd.adopt(root.posix(), number, path)) {
                List<DirEntry> entries = new ArrayList<>();
                while (true) {
                    entries.clear();
                    int got = root.posix().getdents64(directory.number(), entries);
                    // ENOENT: the directory was removed after it was opened.
                    if (got == 0 || ObjectTree.isAbsence(got)) {
                        break;
                    }
                    PosixException.check(got, "getdents64", path);
                    for (DirEntry entry : entries) {
                        Child child = child(directory, entry, bound);
                        if (child == null) {
                            continue;
                        }
                        if (least.size() < batch) {
                            least.add(child);
                        } else {
                            more = true;
                            if (child.compareTo(least.element()) < 0) {
                                least.remove();
                                least.add(child);
                            }
                        }
                    }
                }
            }
            read = true;
            children = new ArrayList<>(least);
            children.sort(null);
        }

        /** The child that a name stands for; null where it is none, or not wanted. */
        private @Nullable Child child(Fd directory, DirEntry entry, Bound bound) {
            int type = type(directory, entry);
            if (type != DirEntry.DIRECTORY && type != DirEntry.REGULAR) {
                return null;
            }
            boolean isDirectory = type == DirEntry.DIRECTORY;
            String under = under(entry.name(), isDirectory);
            if (under == null) {
                if (!read) {
                    refused.accept(path + "/" + entry.name());
                }
                return null;
            }
            Child child = new Child(entry.name(), under, isDirectory);
            boolean done = !last.isEmpty() && ObjectKey.compareUtf8(under, last) <= 0;
            return done || !admits(child, bound) ? null : child;
        }

        private @Nullable String under(String name, boolean isDirectory) {
            String under;
            if (form == KeyPath.Form.NATURAL) {
                if (start.isEmpty() && KeyCodec.isReserved(name)) {
                    return null;
                }
                under = isDirectory ? start + name + "/" : start + name;
            } else {
                Optional<KeyCodec.Segment> segment = KeyCodec.decodeSegment(name);
                if (segment.isEmpty() || (segment.get().kind() == KeyCodec.Kind.FILE) == isDirectory) {
                    return null;
                }
                under = segment.get().under(start);
            }
            return ObjectKey.isValid(under) ? under : null;
        }

        private int type(Fd directory, DirEntry entry) {
            if (entry.type() != DirEntry.UNKNOWN) {
                return entry.type();
            }
            FileStat stat = new FileStat();
            int result = root.posix().statx(directory.number(), entry.name(), Posix.AT_SYMLINK_NOFOLLOW, stat);
            if (result < 0) {
                return DirEntry.UNKNOWN;
            }
            return stat.isDirectory() ? DirEntry.DIRECTORY : stat.isRegular() ? DirEntry.REGULAR : DirEntry.UNKNOWN;
        }
    }

    private boolean admits(Child child, Bound bound) {
        if (child.directory) {
            boolean onTheWay = child.under.startsWith(prefix) || prefix.startsWith(child.under);
            return onTheWay && bound.admitsBelow(child.under);
        }
        return child.under.startsWith(prefix) && bound.admits(child.under);
    }
}
