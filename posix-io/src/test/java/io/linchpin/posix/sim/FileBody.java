package io.linchpin.posix.sim;

import java.util.Arrays;

/**
 * The content of a regular file, never changed: its blocks and size as processes see them, and for each block and the size
 * the older values that a power cut may bring back (since the last sync; the oldest first).
 */
@SuppressWarnings("ReferenceEquality") // whether an array or a hole is this very one is what is asked
final class FileBody implements Body {
    private static final long[] NO_SIZES = {};
    private static final Chunk[][] CLEAN = {};

    private final int blockBytes;
    private final long size;
    private final long[] olderSizes;
    private final Chunk[] blocks;
    private final Chunk[][] olderBlocks;
    /** What a later sync does not make durable, as an earlier one failed on it. */
    private final Chunk[][] stuckBlocks;

    private final int allocated;

    private FileBody(
            int blockBytes,
            long size,
            long[] olderSizes,
            Chunk[] blocks,
            Chunk[][] olderBlocks,
            Chunk[][] stuckBlocks,
            int allocated) {
        this.blockBytes = blockBytes;
        this.size = size;
        this.olderSizes = olderSizes;
        this.blocks = blocks;
        this.olderBlocks = olderBlocks;
        this.stuckBlocks = stuckBlocks;
        this.allocated = allocated;
    }

    long size() {
        return size;
    }

    /** Blocks. */
    int allocated() {
        return allocated;
    }

    static FileBody empty(int blockBytes) {
        return new FileBody(blockBytes, 0, NO_SIZES, Chunk.NONE, CLEAN, CLEAN, 0);
    }

    private Chunk block(int index) {
        return index < blocks.length ? blocks[index] : Chunk.HOLE;
    }

    private Chunk[] older(int index) {
        return index < olderBlocks.length ? olderBlocks[index] : Chunk.NONE;
    }

    /** Collects changes of blocks, copying each array once. */
    private final class Edit {
        private Chunk[] now = FileBody.this.blocks;
        private Chunk[][] older = olderBlocks;
        private Chunk[][] stuck = stuckBlocks;
        private int count = allocated;
        private final int end;

        /** Of blocks below that index. */
        Edit(int end) {
            this.end = end;
        }

        void set(int index, Chunk changed) {
            Chunk current = block(index);
            if (index < stuck.length && stuck[index].length > 0) {
                // Dirty again, so that the next sync writes it.
                stuck = stuck == stuckBlocks ? stuck.clone() : stuck;
                stuck[index] = Chunk.NONE;
            }
            if (changed == current) {
                return;
            }
            if (now == blocks) {
                now = grow(blocks, Math.max(blocks.length, end));
            }
            now[index] = changed;
            count += (changed == Chunk.HOLE ? 0 : 1) - (current == Chunk.HOLE ? 0 : 1);
            if (!changed.sameBytes(current)) {
                if (older == olderBlocks || index >= older.length) {
                    older = growAll(older, Math.max(older.length, end));
                }
                older[index] = push(older[index], current, changed);
            }
        }

        FileBody done(long newSize) {
            long[] sizes = newSize == size ? olderSizes : Cells.push(olderSizes, size, newSize);
            return new FileBody(blockBytes, newSize, sizes, now, older, stuck, count);
        }
    }

    private static Chunk[] grow(Chunk[] array, int length) {
        Chunk[] grown = Arrays.copyOf(array, length);
        Arrays.fill(grown, array.length, length, Chunk.HOLE);
        return grown;
    }

    private static Chunk[][] growAll(Chunk[][] array, int length) {
        Chunk[][] grown = Arrays.copyOf(array, length);
        Arrays.fill(grown, array.length, length, Chunk.NONE);
        return grown;
    }

    /** The past plus what is now the past, without what is now the present, each content once. */
    private static Chunk[] push(Chunk[] past, Chunk leaving, Chunk coming) {
        Chunk[] pushed = new Chunk[past.length + 1];
        int n = 0;
        boolean known = false;
        for (Chunk each : past) {
            known |= each.sameBytes(leaving);
            if (!each.sameBytes(coming)) {
                pushed[n++] = each;
            }
        }
        if (!known) {
            pushed[n++] = leaving;
        }
        return n == pushed.length ? pushed : Arrays.copyOf(pushed, n);
    }

    private int blocksUpTo(long end) {
        return (int) ((end + blockBytes - 1) / blockBytes);
    }

    FileBody write(long offset, byte[] source, int from, int length) {
        Edit edit = new Edit(blocksUpTo(offset + length));
        int done = 0;
        while (done < length) {
            long at = offset + done;
            int index = (int) (at / blockBytes);
            int within = (int) (at % blockBytes);
            int n = Math.min(length - done, blockBytes - within);
            edit.set(index, block(index).with(within, source, from + done, n));
            done += n;
        }
        return edit.done(Math.max(size, offset + length));
    }

    /** Bytes read: fewer than asked at the end of the file. */
    int read(long offset, byte[] target, int length) {
        int n = (int) Math.max(0, Math.min(length, size - offset));
        int done = 0;
        while (done < n) {
            long at = offset + done;
            int within = (int) (at % blockBytes);
            int part = Math.min(n - done, blockBytes - within);
            block((int) (at / blockBytes)).copyTo(within, target, done, part);
            done += part;
        }
        return n;
    }

    FileBody truncate(long newSize) {
        Edit edit = new Edit(Math.max(blocks.length, blocksUpTo(newSize)));
        if (newSize < size || blocks.length > newSize / blockBytes) {
            zero(edit, newSize, (long) blocks.length * blockBytes, true);
        }
        return edit.done(newSize);
    }

    FileBody zero(long offset, long length, boolean punch, boolean keepSize) {
        Edit edit = new Edit(blocksUpTo(offset + length));
        zero(edit, offset, offset + length, punch);
        return edit.done(keepSize ? size : Math.max(size, offset + length));
    }

    private void zero(Edit edit, long from, long to, boolean punch) {
        long at = from;
        while (at < to) {
            int index = (int) (at / blockBytes);
            int within = (int) (at % blockBytes);
            int n = (int) Math.min(to - at, blockBytes - within);
            if (n == blockBytes) {
                edit.set(index, punch ? Chunk.HOLE : Chunk.ZERO);
            } else {
                edit.set(index, block(index).withZeros(within, n));
            }
            at += n;
        }
    }

    FileBody allocate(long offset, long length, boolean keepSize) {
        Edit edit = new Edit(blocksUpTo(offset + length));
        for (long at = offset - offset % blockBytes; at < offset + length; at += blockBytes) {
            int index = (int) (at / blockBytes);
            if (block(index) == Chunk.HOLE) {
                edit.set(index, Chunk.ZERO);
            }
        }
        return edit.done(keepSize ? size : Math.max(size, offset + length));
    }

    @Override
    public FileBody synced() {
        boolean clean = olderBlocks.length == 0 && olderSizes.length == 0;
        return clean ? this : new FileBody(blockBytes, size, NO_SIZES, blocks, stuckBlocks, stuckBlocks, allocated);
    }

    /** After a sync that failed: what it should have written is taken for clean, and may be lost ever after. */
    FileBody syncFailed() {
        return new FileBody(blockBytes, size, olderSizes, blocks, olderBlocks, olderBlocks, allocated);
    }

    /** What a power cut leaves. */
    FileBody cut(long inode, PowerCutChoice choice) {
        if (olderBlocks.length == 0 && olderSizes.length == 0) {
            return this;
        }
        long kept = size;
        if (olderSizes.length > 0) {
            int pick = choice.choose(Fault.SIZE_NOT_PERSISTED, inode, "", olderSizes.length + 1);
            kept = pick < olderSizes.length ? olderSizes[pick] : size;
        }
        int needed = Math.max(blocks.length, olderBlocks.length);
        Chunk[] chosen = new Chunk[needed];
        int count = 0;
        for (int i = 0; i < needed; i++) {
            Chunk[] older = older(i);
            chosen[i] = block(i);
            if ((long) i * blockBytes >= kept) {
                chosen[i] = older.length > 0 ? Chunk.HOLE : chosen[i].withZeros(0, blockBytes);
            } else if (older.length > 0) {
                int pick = choice.choose(Fault.BLOCK_NOT_PERSISTED, inode, "", older.length + 1);
                chosen[i] = pick < older.length ? older[pick] : chosen[i];
            }
            long end = kept - (long) i * blockBytes;
            if (end > 0 && end < blockBytes) {
                chosen[i] = chosen[i].withZeros((int) end, blockBytes - (int) end);
            }
            count += chosen[i] == Chunk.HOLE ? 0 : 1;
        }
        return new FileBody(blockBytes, kept, NO_SIZES, chosen, CLEAN, CLEAN, count);
    }

    @Override
    public boolean isClean() {
        return olderBlocks.length == 0 && olderSizes.length == 0;
    }

    @Override
    public long hash() {
        long hash = Hashes.mix(Hashes.start(3), size);
        for (long each : olderSizes) {
            hash = Hashes.mix(hash, each);
        }
        for (int i = 0; i < blocks.length; i++) {
            // A hole reads like zeros.
            if (blocks[i] != Chunk.HOLE && blocks[i] != Chunk.ZERO) {
                hash = Hashes.mix(Hashes.mix(hash, i), blocks[i].hash());
            }
        }
        hash = histories(Hashes.mix(hash, -1), olderBlocks);
        return histories(Hashes.mix(hash, -2), stuckBlocks);
    }

    private static long histories(long start, Chunk[][] all) {
        long hash = start;
        for (int i = 0; i < all.length; i++) {
            for (Chunk each : all[i]) {
                hash = Hashes.mix(Hashes.mix(hash, i), each.hash());
            }
        }
        return hash;
    }
}
