package io.linchpin.posix;

import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Native memory that one system call uses at a time: its errno, its C strings, its structs, its bounce buffer.
 *
 * <p>A platform thread has one for life. A virtual thread borrows one from a pool for the length of a call: a thread-local
 * of its own would cost native memory a virtual thread, and a carrier's is not to be had. A call pins its carrier, so
 * the pool never holds more than there were carriers at once.
 */
final class Scratch {
    /** PATH_MAX of linux/limits.h, the NUL included. */
    static final int PATH_MAX_BYTES = 4096;

    /** The largest struct passed is struct statx. */
    private static final int STRUCT_BYTES = 256;

    /** Bytes of directory entries asked for at once. */
    static final int ENTRIES_BYTES = 32 * 1024;

    /** A heap buffer is read or written through direct memory, at most this many bytes a call. */
    static final int BOUNCE_BYTES = 256 * 1024;

    private static final StructLayout CAPTURE_LAYOUT = Linker.Option.captureStateLayout();
    private static final long ERRNO_OFFSET = CAPTURE_LAYOUT.byteOffset(MemoryLayout.PathElement.groupElement("errno"));

    private static final ThreadLocal<Scratch> PLATFORM = ThreadLocal.withInitial(Scratch::new);
    private static final ConcurrentLinkedQueue<Scratch> POOL = new ConcurrentLinkedQueue<>();

    /** Where the linker stores errno, in the same transition that ends the call. */
    final MemorySegment capture;

    final MemorySegment struct;
    final MemorySegment firstPath;
    final MemorySegment secondPath;
    private final Arena arena = Arena.ofAuto();
    private @Nullable MemorySegment entries;
    private @Nullable MemorySegment bounce;

    private Scratch() {
        capture = arena.allocate(CAPTURE_LAYOUT);
        struct = arena.allocate(STRUCT_BYTES, Long.BYTES);
        firstPath = arena.allocate(PATH_MAX_BYTES);
        secondPath = arena.allocate(PATH_MAX_BYTES);
    }

    /** To be given back with {@link #release} by the same thread, within the same call. */
    static Scratch take() {
        if (!Thread.currentThread().isVirtual()) {
            return PLATFORM.get();
        }
        Scratch pooled = POOL.poll();
        return pooled == null ? new Scratch() : pooled;
    }

    void release() {
        if (Thread.currentThread().isVirtual()) {
            POOL.add(this);
        }
    }

    int errno() {
        return capture.get(ValueLayout.JAVA_INT, ERRNO_OFFSET);
    }

    MemorySegment entries() {
        MemorySegment known = entries;
        if (known == null) {
            known = arena.allocate(ENTRIES_BYTES, Long.BYTES);
            entries = known;
        }
        return known;
    }

    MemorySegment bounce() {
        MemorySegment known = bounce;
        if (known == null) {
            known = arena.allocate(BOUNCE_BYTES, Long.BYTES);
            bounce = known;
        }
        return known;
    }

    /**
     * Writes a path as a C string: 0, or a negated errno as the kernel would say it: EINVAL for what no path can be (NUL,
     * half a surrogate pair), ENAMETOOLONG from {@link #PATH_MAX_BYTES} on.
     */
    static int putPath(String path, MemorySegment into) {
        int length = path.length();
        if (length >= PATH_MAX_BYTES) {
            return -Errno.ENAMETOOLONG;
        }
        for (int i = 0; i < length; i++) {
            char c = path.charAt(i);
            if (c == 0) {
                return -Errno.EINVAL;
            }
            if (c >= 0x80) {
                return putNonAscii(path, into);
            }
            into.set(ValueLayout.JAVA_BYTE, i, (byte) c);
        }
        into.set(ValueLayout.JAVA_BYTE, length, (byte) 0);
        return 0;
    }

    private static int putNonAscii(String path, MemorySegment into) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < path.length()
                    && Character.isLowSurrogate(path.charAt(i + 1));
            // Encoded, a lone surrogate would become '?', which names another file.
            if (c == 0 || (Character.isSurrogate(c) && !pair)) {
                return -Errno.EINVAL;
            }
            if (pair) {
                i++;
            }
        }
        byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
        if (utf8.length >= PATH_MAX_BYTES) {
            return -Errno.ENAMETOOLONG;
        }
        MemorySegment.copy(utf8, 0, into, ValueLayout.JAVA_BYTE, 0, utf8.length);
        into.set(ValueLayout.JAVA_BYTE, utf8.length, (byte) 0);
        return 0;
    }
}
