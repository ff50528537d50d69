package io.linchpin.posix.sim;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Posix;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;

/** One walk along a path, as path_resolution(7) and openat2(2) say it: where it ended. */
final class PathWalk {
    private static final int PATH_MAX_BYTES = 4096;
    private static final int NAME_MAX_BYTES = 255;
    private static final int LINKS_MAX = 40;

    /** 0, or a negated errno; then the rest means nothing. */
    int error;
    /** The directory that holds the last name; 0 where the path ends in none. */
    long parent;
    /** The last name; empty where the path ends in "/", "." or "..". */
    String name = "";
    /** The inode at the end, or 0 where the last name is free. */
    long target;
    /** The last component: a name, ".", ".." or "/". */
    String last = "/";

    boolean trailingSlash;

    private final SimulatedDisk disk;
    private final long start;
    private final long resolve;
    private final Deque<String> rest = new ArrayDeque<>();
    private long current;
    private final boolean namesOnly;
    private int linksFollowed;

    private PathWalk(SimulatedDisk disk, long start, long resolve, boolean namesOnly) {
        this.disk = disk;
        this.start = start;
        this.resolve = resolve;
        this.namesOnly = namesOnly;
    }

    /** Whether the path ends in a name that a call may make, move or take away. */
    boolean isNamed() {
        return !name.isEmpty();
    }

    /** To what a path leads. */
    static PathWalk walk(SimulatedDisk disk, long start, String path, long resolve, boolean followLast) {
        return begin(new PathWalk(disk, start, resolve, false), path, followLast);
    }

    /** To the name at the end of a path, as calls do that make, move or remove one; a slash after it is theirs to judge. */
    static PathWalk name(SimulatedDisk disk, long start, String path, long resolve) {
        return begin(new PathWalk(disk, start, resolve, true), path, false);
    }

    private static PathWalk begin(PathWalk walk, String path, boolean followLast) {
        walk.error = check(path);
        if (walk.error == 0) {
            walk.current = walk.start;
            walk.error = walk.push(path);
            if (walk.error == 0) {
                walk.error = walk.run(followLast);
            }
        }
        return walk;
    }

    /** 0, or what any call says of such a path before it looks at anything else. */
    static int check(String path) {
        if (path.isEmpty()) {
            return -Errno.ENOENT;
        }
        if (isPlain(path)) {
            return path.length() >= PATH_MAX_BYTES ? -Errno.ENAMETOOLONG : 0;
        }
        if (path.indexOf('\0') >= 0 || !StandardCharsets.UTF_8.newEncoder().canEncode(path)) {
            return -Errno.EINVAL;
        }
        return path.getBytes(StandardCharsets.UTF_8).length >= PATH_MAX_BYTES ? -Errno.ENAMETOOLONG : 0;
    }

    /** Whether it is of ASCII characters only, none of them 0: as almost all are, so looked at first. */
    private static boolean isPlain(String path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == 0 || c > 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Puts a path, given or a symlink's, before what is left to walk. */
    private int push(String path) {
        if (path.startsWith("/")) {
            if ((resolve & Posix.RESOLVE_BENEATH) != 0) {
                return -Errno.EXDEV;
            }
            current = SimulatedDisk.ROOT;
        }
        boolean wasLast = rest.isEmpty();
        int end = path.length();
        if (wasLast && path.endsWith("/")) {
            trailingSlash = true;
        }
        while (end > 0) {
            int slash = path.lastIndexOf('/', end - 1);
            if (slash + 1 < end) {
                rest.addFirst(path.substring(slash + 1, end));
            }
            end = slash;
        }
        return 0;
    }

    private int run(boolean followLast) {
        target = current;
        while (!rest.isEmpty()) {
            String component = rest.removeFirst();
            if (!(disk.node(current).body instanceof DirBody dir)) {
                return -Errno.ENOTDIR;
            }
            last = component;
            if (component.equals(".")) {
                endInDirectory();
                continue;
            }
            if (component.equals("..")) {
                if ((resolve & Posix.RESOLVE_BENEATH) != 0 && current == start) {
                    return -Errno.EXDEV;
                }
                current = dir.parent;
                endInDirectory();
                continue;
            }
            int error = step(dir, component, followLast);
            if (error != 0) {
                return error;
            }
        }
        boolean notDirectory =
                target != 0 && trailingSlash && !namesOnly && !disk.node(target).isDirectory();
        return notDirectory ? -Errno.ENOTDIR : 0;
    }

    private void endInDirectory() {
        target = current;
        parent = 0;
        name = "";
    }

    private int step(DirBody dir, String component, boolean followLast) {
        if (component.length() * 3 > NAME_MAX_BYTES
                && component.getBytes(StandardCharsets.UTF_8).length > NAME_MAX_BYTES) {
            return -Errno.ENAMETOOLONG;
        }
        boolean isLast = rest.isEmpty();
        long child = dir.lookup(component);
        if (child == 0 && !isLast) {
            return -Errno.ENOENT;
        }
        if (child != 0
                && (!isLast || followLast || (trailingSlash && !namesOnly))
                && disk.node(child).body instanceof SymlinkBody link) {
            if ((resolve & Posix.RESOLVE_NO_SYMLINKS) != 0 || ++linksFollowed > LINKS_MAX) {
                return -Errno.ELOOP;
            }
            target = current;
            return push(link.target());
        }
        parent = current;
        name = component;
        target = child;
        current = child == 0 ? current : child;
        return 0;
    }
}
