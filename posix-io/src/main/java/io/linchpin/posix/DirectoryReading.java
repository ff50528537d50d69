package io.linchpin.posix;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * getdents64, and what btrfs needs beside it. There a name that is made or replaced goes behind all others of its directory,
 * and since Linux 6.5 a reading ends at what was last when it began: most readings would miss a name that is replaced all
 * the time, though it is always there. A seek moves that end. So what stands behind the last name is read again, until two
 * readings in a row show the same names.
 */
final class DirectoryReading {
    /** Where btrfs leaves a reading that has come to the end: no name has this position. */
    private static final long END = Integer.MAX_VALUE;

    /** Readings of what is behind, at most: each that differs takes a change between two system calls. */
    private static final int MOST_READINGS = 100;

    private final Scratch scratch;
    private final int fd;

    DirectoryReading(Scratch scratch, int fd) {
        this.scratch = scratch;
        this.fd = fd;
    }

    /** As {@link Posix#getdents64}. */
    int next(List<DirEntry> into) {
        while (true) {
            int first = into.size();
            long start = LibC.lseek(scratch, fd, 0, LibC.SEEK_CUR);
            long filled = start < 0 ? start : LibC.getdents64(scratch, fd, scratch.entries(), Scratch.ENTRIES_BYTES);
            if (filled < 0) {
                return (int) filled;
            }
            Structs.entries(scratch.entries(), filled, into);
            if (start != END && LibC.lseek(scratch, fd, 0, LibC.SEEK_CUR) == END && isBtrfs()) {
                long last = Structs.offsetBeforeLast(scratch.entries(), filled);
                int failed = readBehind(last < 0 ? start : last, into, first);
                if (failed < 0) {
                    return failed;
                }
            }
            if (into.size() > first || filled == 0) {
                return into.size() - first;
            }
            // Nothing but "." and "..", or names that are not UTF-8: not the end yet.
        }
    }

    /** Appends what stands from an offset on and was not appended since the first. */
    private int readBehind(long offset, List<DirEntry> into, int first) {
        Set<String> known = new HashSet<>();
        into.subList(first, into.size()).forEach(entry -> known.add(entry.name()));
        List<String> before = List.of();
        for (int i = 0; i < MOST_READINGS; i++) {
            List<DirEntry> behind = new ArrayList<>();
            int result = readFrom(offset, behind);
            if (result < 0) {
                return result;
            }
            behind.stream().filter(entry -> known.add(entry.name())).forEach(into::add);
            List<String> names = behind.stream().map(DirEntry::name).toList();
            if (i > 0 && names.equals(before)) {
                break;
            }
            before = names;
        }
        return 0;
    }

    private int readFrom(long offset, List<DirEntry> into) {
        MemorySegment entries = scratch.entries();
        long result = LibC.lseek(scratch, fd, offset, LibC.SEEK_SET);
        if (result < 0) {
            return (int) result;
        }
        do {
            result = LibC.getdents64(scratch, fd, entries, Scratch.ENTRIES_BYTES);
            Structs.entries(entries, result, into);
        } while (result > 0);
        return (int) result;
    }

    private boolean isBtrfs() {
        FsStat filesystem = new FsStat();
        if (LibC.fstatfs(scratch, fd, scratch.struct) < 0) {
            return false;
        }
        Structs.statfs(scratch.struct, filesystem);
        return (filesystem.type & 0xFFFFFFFFL) == FsStat.BTRFS;
    }
}
