package io.linchpin.store.read;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.Stamp;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * One version of an object, open: its bytes, and the metadata that belongs to exactly these bytes. It stays readable,
 * unchanged by Linchpin, when the object is replaced or deleted meanwhile.
 *
 * <p>{@link #close} may come at any time, from any thread, and waits for the read under way: the number of a descriptor
 * that is closed may at once be another file's. Who takes {@link #data} keeps the object open until done with it.
 */
public final class OpenObject implements AutoCloseable {
    private final Fd data;
    private final KeyPath path;
    private final long inode;
    private final long mtimeNanos;
    private final long size;
    private final Sidecar metadata;
    private final boolean foreign;

    OpenObject(Fd data, KeyPath path, FileStat stat, Sidecar metadata, boolean foreign) {
        this.data = data;
        this.path = path;
        this.inode = stat.inode;
        this.mtimeNanos = stat.mtimeNanos;
        this.size = stat.size;
        this.metadata = metadata;
        this.foreign = foreign;
    }

    /** Bytes. */
    public long size() {
        return size;
    }

    /** The sidecar, or what is derived for a file that was made by hand. */
    public Sidecar metadata() {
        return metadata;
    }

    /** Whether the file was made or changed by hand. */
    public boolean foreign() {
        return foreign;
    }

    /** The file's mtime: the version's stamp, unless it is foreign. */
    public Stamp stamp() {
        return new Stamp(mtimeNanos);
    }

    public Instant lastModified() {
        Instant own = metadata.lastModified();
        return own == null ? stamp().instant() : own;
    }

    public long inode() {
        return inode;
    }

    /** Where it was found. */
    public KeyPath path() {
        return path;
    }

    /** The descriptor, to copy from; it is closed with this object. */
    public Fd data() {
        return data;
    }

    /** Reads until the buffer is full or the file ends: the number of bytes. */
    public synchronized long read(ByteBuffer into, long offset) throws PosixException {
        return FileIo.readFully(data, into, offset);
    }

    /**
     * Whether nobody has written to the file since it was opened: to be asked after the last byte was read and before it
     * is passed on, for what a person wrote meanwhile is in no metadata. Linchpin itself never writes to it.
     */
    public synchronized boolean verifyUnchanged() throws PosixException {
        FileStat now = FileIo.stat(data);
        return now.mtimeNanos == mtimeNanos && now.size == size;
    }

    @Override
    public synchronized void close() {
        data.close();
    }
}
