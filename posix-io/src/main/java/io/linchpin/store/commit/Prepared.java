package io.linchpin.store.commit;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.journal.CommitRecord;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.StagedFiles;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.staging.OpenPair;
import io.linchpin.store.staging.StagedPair;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A mutation with all that can fail before judging done: its staged file open, its inline bytes and sidecar read. Replies
 * may be added by repeats of the same mutation until it is answered.
 */
final class Prepared {
    /** Bytes that travel in the journal at most. */
    static final int MAX_INLINE_BYTES = 1 << 20;

    final Mutation mutation;
    /** With which it leaves the shard's gate. */
    final long ticket;

    final @Nullable Fd staged;
    final byte @Nullable [] inline;
    final byte[] sidecar;
    private final @Nullable Sidecar parsed;
    private final List<Consumer<Outcome>> replies = new ArrayList<>(1);
    private @Nullable Outcome outcome;

    private Prepared(
            Mutation mutation,
            long ticket,
            @Nullable Fd staged,
            byte @Nullable [] inline,
            byte[] sidecar,
            @Nullable Sidecar parsed) {
        this.mutation = mutation;
        this.ticket = ticket;
        this.staged = staged;
        this.inline = inline;
        this.sidecar = sidecar;
        this.parsed = parsed;
    }

    /**
     * Prepares.
     *
     * @throws PosixException where the pair cannot be read; ENOENT where it is gone
     */
    static Prepared of(StoreRoot root, Mutation mutation, long ticket) throws PosixException {
        if (!(mutation instanceof Mutation.Put put)) {
            return new Prepared(mutation, ticket, null, null, new byte[0], null);
        }
        OpenPair open = put.open();
        if (open != null && put.sidecar() != null && open.take()) {
            return new Prepared(mutation, ticket, open.data(), open.bytes(), put.sidecar(), open.sidecar());
        }
        String staging = Names.staging(put.stagedBy());
        String path = staging + "/" + Names.stagedData(put.id());
        Fd fd = Fd.open(root.posix(), root.fd(), path, Posix.O_RDWR, 0, StoreRoot.BENEATH);
        try {
            byte @Nullable [] inline = put.durable() ? null : readInline(fd, put.size());
            byte @Nullable [] sidecar = put.sidecar();
            String metadata = staging + "/" + Names.stagedSidecar(put.id());
            if (sidecar != null && put.durable()) {
                // The data's name outlives a commit, for replays; the sidecar's does not, so it says that nobody judged
                // this.
                PosixException.check(root.posix().statx(root.fd(), metadata, 0, new FileStat()), "statx", metadata);
            }
            if (sidecar == null) {
                try (Fd meta = Fd.open(root.posix(), root.fd(), metadata, Posix.O_RDONLY, 0, StoreRoot.BENEATH)) {
                    sidecar = FileIo.readSmall(meta, SidecarCodec.MAX_BYTES);
                }
            }
            return new Prepared(mutation, ticket, fd, inline, sidecar, null);
        } catch (PosixException | RuntimeException e) {
            fd.close();
            throw e;
        }
    }

    /** The sidecar of a PUT. */
    Sidecar metadata() throws IOException {
        return parsed != null ? parsed : SidecarCodec.decode(sidecar);
    }

    private static byte[] readInline(Fd fd, long size) throws PosixException {
        if (size > MAX_INLINE_BYTES) {
            throw new PosixException(Errno.EFBIG, "inline", fd.path());
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) size);
        if (FileIo.readFully(fd, bytes, 0) != size) {
            throw new PosixException(Errno.EIO, "pread", fd.path());
        }
        return bytes.array();
    }

    /** Adds someone to be answered; at once where the answer is known already. */
    void addReply(Consumer<Outcome> reply) {
        Outcome known;
        synchronized (this) {
            known = outcome;
            if (known == null) {
                replies.add(reply);
            }
        }
        if (known != null) {
            reply.accept(known);
        }
    }

    /** Answers all, once, and lets the staged file go. */
    void answer(Outcome result) {
        List<Consumer<Outcome>> all;
        synchronized (this) {
            if (outcome != null) {
                throw new IllegalStateException("answered twice: " + mutation.id());
            }
            outcome = result;
            all = List.copyOf(replies);
        }
        close();
        for (Consumer<Outcome> reply : all) {
            reply.accept(result);
        }
    }

    /** What there is of a sidecar's file beside the data. */
    StagedFiles.Meta stagedMeta(CommitRecord record) {
        if (!(mutation instanceof Mutation.Put put) || !StagedPair.isSidecarStaged(put.durable(), sidecar.length)) {
            return StagedFiles.Meta.NONE;
        }
        return Arrays.equals(record.sidecar(), sidecar) ? StagedFiles.Meta.CURRENT : StagedFiles.Meta.OUTDATED;
    }

    Fd requireStaged() {
        return Objects.requireNonNull(staged);
    }

    void close() {
        if (staged != null) {
            staged.close();
        }
    }
}
