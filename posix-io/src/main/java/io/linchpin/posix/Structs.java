package io.linchpin.posix;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The structs that the kernel fills in, at their offsets: the same on x86_64 and aarch64. */
final class Structs {
    static final long NANOS = 1_000_000_000L;

    /** The block of st_blocks, whatever the filesystem's own is. */
    private static final int STAT_BLOCK_BYTES = 512;

    private Structs() {}

    static void statx(MemorySegment s, FileStat into) {
        into.links = s.get(JAVA_INT, 16);
        into.uid = s.get(JAVA_INT, 20);
        into.gid = s.get(JAVA_INT, 24);
        into.mode = Short.toUnsignedInt(s.get(JAVA_SHORT, 28));
        into.inode = s.get(JAVA_LONG, 32);
        into.size = s.get(JAVA_LONG, 40);
        into.allocated = s.get(JAVA_LONG, 48) * STAT_BLOCK_BYTES;
        boolean born = (s.get(JAVA_INT, 0) & NativePosix.STATX_BTIME) != 0;
        into.bornNanos = born ? nanos(s.get(JAVA_LONG, 80), s.get(JAVA_INT, 88)) : 0;
        into.ctimeNanos = nanos(s.get(JAVA_LONG, 96), s.get(JAVA_INT, 104));
        into.mtimeNanos = nanos(s.get(JAVA_LONG, 112), s.get(JAVA_INT, 120));
        long major = Integer.toUnsignedLong(s.get(JAVA_INT, 136));
        into.device = (major << 32) | Integer.toUnsignedLong(s.get(JAVA_INT, 140));
        into.mountId = s.get(JAVA_LONG, 144);
        into.mountIdIsUnique = (s.get(JAVA_INT, 0) & NativePosix.STATX_MNT_ID_UNIQUE) != 0;
    }

    /** Clamped to what 64 bits of nanoseconds hold (the years 1678 to 2261): a hand-made file may have any time. */
    static long nanos(long seconds, int nanos) {
        if (seconds >= Long.MAX_VALUE / NANOS) {
            return Long.MAX_VALUE;
        }
        return seconds <= Long.MIN_VALUE / NANOS ? Long.MIN_VALUE : seconds * NANOS + nanos;
    }

    static void statfs(MemorySegment s, FsStat into) {
        into.type = s.get(JAVA_LONG, 0);
        into.blockSize = s.get(JAVA_LONG, 8);
        into.blocks = s.get(JAVA_LONG, 16);
        into.blocksAvailable = s.get(JAVA_LONG, 32);
        into.files = s.get(JAVA_LONG, 40);
        into.filesFree = s.get(JAVA_LONG, 48);
    }

    /**
     * A run of struct linux_dirent64: d_ino at 0, d_reclen at 16, d_type at 18, d_name at 19, padded. Appends all but
     * ".", ".." and names that are not UTF-8: how many.
     */
    static int entries(MemorySegment records, long filledBytes, List<DirEntry> into) {
        int appended = 0;
        int recordBytes;
        for (long at = 0; at < filledBytes; at += recordBytes) {
            recordBytes = Short.toUnsignedInt(records.get(JAVA_SHORT, at + 16));
            int length = 0;
            while (records.get(JAVA_BYTE, at + 19 + length) != 0) {
                length++;
            }
            ByteBuffer name = records.asSlice(at + 19, length).asByteBuffer();
            if (length <= 2 && name.get(0) == '.' && name.get(length - 1) == '.') {
                continue;
            }
            try {
                String decoded =
                        StandardCharsets.UTF_8.newDecoder().decode(name).toString();
                into.add(new DirEntry(decoded, records.get(JAVA_LONG, at), records.get(JAVA_BYTE, at + 18)));
                appended++;
            } catch (CharacterCodingException notUtf8) {
                // No path of ours could name it.
            }
        }
        return appended;
    }

    /** Of such a run d_off (at 8) of the last entry but one; -1 where there is none. */
    static long offsetBeforeLast(MemorySegment records, long filledBytes) {
        long offset = -1;
        long at = 0;
        while (at < filledBytes) {
            long next = at + Short.toUnsignedInt(records.get(JAVA_SHORT, at + 16));
            if (next < filledBytes) {
                offset = records.get(JAVA_LONG, at + 8);
            }
            at = next;
        }
        return offset;
    }
}
