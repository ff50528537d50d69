package io.linchpin.store.multipart;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.staging.StagedPair;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.function.LongSupplier;

/**
 * Makes of a completion's plan the staged pair and the mutation that brings it to the key's owner: from there on a
 * completed upload is an ordinary PUT. Blocks.
 */
public final class UploadCompletion {
    private static final int FILE_MODE = 0600;

    private final StoreRoot root;
    private final Incarnation self;
    private final Assembly.Deaths deaths;
    private final RangeCopy copy;

    /**
     * For the node of this incarnation.
     *
     * @param deaths asked of nodes that may still be writing parts
     */
    public UploadCompletion(StoreRoot root, Incarnation self, Assembly.Deaths deaths, RangeCopy copy) {
        this.root = root;
        this.self = self;
        this.deaths = deaths;
        this.copy = copy;
    }

    /**
     * Stages the object, durably. The upload's completion mark must be in place ({@link UploadDirectory#begin}). When this
     * fails nothing is left under staged names.
     *
     * @param deadlineBootNanos CLOCK_BOOTTIME past which the mutation is not to be judged: asked once the object is whole,
     *     for that may take as long as copying it
     */
    public Mutation.Put stage(
            UploadDirectory upload,
            CompletionPlan.Plan plan,
            Attempt attempt,
            Preconditions preconditions,
            LongSupplier deadlineBootNanos)
            throws IOException {
        UploadRecord record = upload.record();
        byte[] sidecar = SidecarCodec.encode(CompletionPlan.sidecar(record, plan, attempt.mutation()));
        String dataName = Names.stagedData(attempt.mutation());
        String sidecarName = Names.stagedSidecar(attempt.mutation());
        String path = Names.staging(self);
        try (Fd staging =
                Fd.adopt(root.posix(), PosixException.check(root.openDirectory(path), "openat2", path), path)) {
            boolean done = false;
            try {
                Assembly.Assembled data = new Assembly(upload, deaths, copy).assemble(plan, staging, dataName);
                try (Fd file = FileIo.createSmall(staging, sidecarName, FILE_MODE, sidecar)) {
                    FileIo.fdatasync(file);
                }
                FileIo.fsync(staging);
                done = true;
                return new Mutation.Put(
                        attempt.mutation(),
                        record.object(),
                        preconditions,
                        record.bucketGeneration(),
                        deadlineBootNanos.getAsLong(),
                        self,
                        data.inode(),
                        data.sizeBytes(),
                        true,
                        plan.etag(),
                        StagedPair.inMessage(sidecar));
            } finally {
                if (!done) {
                    // Not given to anybody: the names are ours alone, and never used again.
                    root.posix().unlinkat(staging.number(), dataName, 0);
                    root.posix().unlinkat(staging.number(), sidecarName, 0);
                }
            }
        }
    }

    /**
     * Whether the pair is as it was staged: then nobody has put it in place. Its data stays for replays, but its sidecar goes
     * before the data is in place.
     */
    public boolean isStaged(Mutation.Put put) throws PosixException {
        String path = Names.staging(put.stagedBy()) + "/" + Names.stagedSidecar(put.id());
        int found = root.posix().statx(root.fd(), path, 0, new FileStat());
        if (found == -Errno.ENOENT) {
            return false;
        }
        PosixException.check(found, "statx", path);
        return true;
    }

    /**
     * Removes a staged pair whose mutation will not be judged any more, unless it was: then a sidecar that was staged is not there
     * any more, and a replay may need the data yet. That of small data is in the journal.
     */
    public void discardUnlessJudged(Mutation.Put put) throws PosixException {
        if (!put.durable() || isStaged(put)) {
            discard(put);
        }
    }

    /** Removes a staged pair whose mutation certainly was not judged, and never will be. */
    public void discard(Mutation.Put put) {
        StagedPair.discard(root, put.stagedBy(), put.id());
    }
}
