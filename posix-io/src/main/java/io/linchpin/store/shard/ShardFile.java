package io.linchpin.store.shard;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;

/**
 * One shard's file, locked: whoever has this object owns the shard. The lock belongs to the open file description
 * ({@code F_OFD_SETLK}), so the kernel holds it until this is closed or the process is gone, and grants it to nobody
 * before the process's calls in flight have ended. The file is never deleted.
 */
public final class ShardFile implements AutoCloseable {
    private final int number;
    private final Fd fd;
    private Ledger ledger;
    private long version;
    private boolean doubtful;

    private ShardFile(int number, Fd fd, Ledger ledger, long version) {
        this.number = number;
        this.fd = fd;
        this.ledger = ledger;
        this.version = version;
    }

    /** Locks a shard, once: empty where somebody else holds it. Makes the file where there is none. */
    public static Optional<ShardFile> tryLock(StoreRoot root, int number) throws IOException {
        String path = Names.shard(number);
        Fd fd = Fd.open(root.posix(), root.fd(), path, Posix.O_RDWR | Posix.O_CREAT, 0600, StoreRoot.BENEATH);
        try {
            int locked = root.posix().ofdSetLock(fd.number());
            if (locked == -Errno.EAGAIN || locked == -Errno.EACCES) {
                fd.close();
                return Optional.empty();
            }
            PosixException.check(locked, "fcntl(F_OFD_SETLK)", path);
            LedgerCodec.Slot slot = readNewest(fd);
            if (slot.version() == 0) {
                // The file may be new: what is written to it counts only if its name survives too.
                try (Fd directory = Fd.adopt(root.posix(), root.openDirectory(Names.SHARDS), Names.SHARDS)) {
                    FileIo.fsync(directory);
                }
            }
            return Optional.of(new ShardFile(number, fd, slot.ledger(), slot.version()));
        } catch (IOException e) {
            fd.close();
            throw e;
        }
    }

    /**
     * Reads a shard's ledger without its lock: what was true a moment ago. A slot caught in the middle of being written
     * is passed over for the one before.
     */
    public static Ledger peek(StoreRoot root, int number) throws IOException {
        String path = Names.shard(number);
        int opened = root.posix().openat2(root.fd(), path, Posix.O_RDONLY, 0, StoreRoot.BENEATH);
        if (opened == -Errno.ENOENT) {
            return Ledger.NEW;
        }
        PosixException.check(opened, "openat2", path);
        try (Fd fd = Fd.adopt(root.posix(), opened, path)) {
            return readNewest(fd).ledger();
        }
    }

    private static LedgerCodec.Slot readNewest(Fd fd) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(2 * LedgerCodec.SLOT_BYTES);
        FileIo.readFully(fd, file, 0);
        file.flip();
        LedgerCodec.Slot first = LedgerCodec.decode(file, 0);
        LedgerCodec.Slot second = LedgerCodec.decode(file, LedgerCodec.SLOT_BYTES);
        if (first == null && second == null) {
            // The very first write goes to the second slot. Torn, it leaves the first one unwritten, and no record had
            // been appended yet.
            if (file.limit() > LedgerCodec.SLOT_BYTES && file.getLong(0) != 0) {
                throw new IOException(fd.path() + ": both slots of the ledger are unreadable");
            }
            return new LedgerCodec.Slot(0, Ledger.NEW);
        }
        if (first == null || second == null) {
            return first == null ? Objects.requireNonNull(second) : first;
        }
        return first.version() > second.version() ? first : second;
    }

    public int number() {
        return number;
    }

    public synchronized Ledger ledger() {
        return ledger;
    }

    /** Writes the ledger, into the slot of the older version, and makes it durable. */
    public synchronized void write(Ledger next) throws PosixException {
        long at = ((version + 1) & 1) * LedgerCodec.SLOT_BYTES;
        // Cut short, it has spoilt a slot that was older anyway.
        FileIo.writeFully(fd, LedgerCodec.encode(version + 1, next), at);
        doubtful = true;
        FileIo.fdatasync(fd);
        doubtful = false;
        version++;
        ledger = next;
    }

    /** Whether a sync has failed: readers see the ledger that was being written, and a power cut may take it back. */
    public synchronized boolean isDoubtful() {
        return doubtful;
    }

    /** Lets the shard go. */
    @Override
    public void close() {
        fd.close();
    }
}
