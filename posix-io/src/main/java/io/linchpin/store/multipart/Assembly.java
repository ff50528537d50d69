package io.linchpin.store.multipart;

import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.PartNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the completed file of its parts, under a staged name. The upload's completion mark is in place before.
 *
 * <p>Where the parts lie in the base file as they are to lie in the object, a link of the base file is the completed file:
 * misfits are copied into their places and the rest is cut off, in a time that does not grow with the object. Otherwise
 * the parts are copied into a new file. The base file may become the object only where nobody will ever write to it again
 * (every claim has ended), and where that destroys no part that is not listed, whether it is stored or its commit waits
 * behind this completion: such a part must be there still when the completion fails and the upload is open again.
 */
public final class Assembly {
    /** Whether a node's life has ended for certain, its system calls in flight included. */
    @FunctionalInterface
    public interface Deaths {
        boolean isDead(Incarnation incarnation) throws IOException;
    }

    /**
     * The completed file.
     *
     * @param moved whether it is the upload's own file, not a copy
     */
    public record Assembled(long inode, long sizeBytes, boolean moved) {}

    private static final int CLAIM_LIMIT_BYTES = 256;

    private final UploadDirectory upload;
    private final Deaths deaths;
    private final RangeCopy copy;

    public Assembly(UploadDirectory upload, Deaths deaths, RangeCopy copy) {
        this.upload = upload;
        this.deaths = deaths;
        this.copy = copy;
    }

    /**
     * Makes the file; its bytes are durable when this returns, its name is not: sync the directory.
     *
     * @param name in {@code staging}, of a file that must not exist
     */
    public Assembled assemble(CompletionPlan.Plan plan, Fd staging, String name) throws IOException {
        boolean moved = canMoveBase(plan);
        if (moved) {
            moveBase(plan, staging, name);
        } else if (plan.parts().size() == 1 && !plan.parts().getFirst().inBase()) {
            moveOwn(plan.parts().getFirst(), staging, name);
            moved = true;
        } else {
            copyParts(plan.parts(), staging, name);
        }
        FileStat stat = FileIo.statIfPresent(staging, name)
                .orElseThrow(() -> new PosixException(Errno.ENOENT, "statx", staging.path() + "/" + name));
        if (stat.size != plan.sizeBytes()) {
            throw new IOException("completed file of " + stat.size + " bytes instead of " + plan.sizeBytes());
        }
        return new Assembled(stat.inode, stat.size, moved);
    }

    private boolean canMoveBase(CompletionPlan.Plan plan) throws IOException {
        List<PartRecord> parts = plan.parts();
        long stride = upload.stride();
        if (stride == 0 || plan.leavesParts() || parts.stream().noneMatch(PartRecord::inBase)) {
            return false;
        }
        Set<PartNumber> written = new HashSet<>();
        for (int i = 0; i < parts.size(); i++) {
            PartRecord part = parts.get(i);
            boolean last = i == parts.size() - 1;
            if (part.number().value() != i + 1 || (last ? part.sizeBytes() > stride : part.sizeBytes() != stride)) {
                return false;
            }
            if (part.inBase()) {
                if (part.offset() != i * stride) {
                    return false;
                }
                written.add(part.number());
            }
        }
        boolean others = false;
        for (PartNumber claim : upload.claims()) {
            // A committed record in the base file is a claim that has ended.
            if (!written.contains(claim)) {
                if (!hasEnded(claim)) {
                    return false;
                }
                others = true;
            }
        }
        // After the claims: what is prepared has its record before its claim ends, and is committed once the upload is
        // open again, whoever may have died meanwhile.
        return !others || !upload.hasPrepared();
    }

    private boolean hasEnded(PartNumber claim) throws IOException {
        byte[] text = FileIo.readSmall(upload.dir(), UploadFiles.claim(claim), CLAIM_LIMIT_BYTES);
        if (Arrays.equals(text, PartFile.ENDED)) {
            return true;
        }
        String owner = new String(text, StandardCharsets.US_ASCII).strip();
        // Not readable: its maker is just writing it, or died before it could; the first is not to be told from the
        // second.
        return Incarnation.isValid(owner) && deaths.isDead(new Incarnation(owner));
    }

    private void moveBase(CompletionPlan.Plan plan, Fd staging, String name) throws IOException {
        Fd dir = upload.dir();
        try (Fd base = dir.open(UploadFiles.BASE, Posix.O_RDWR, 0)) {
            long stride = upload.stride();
            for (PartRecord part : plan.parts()) {
                if (!part.inBase()) {
                    copyPart(part, base, (part.number().value() - 1L) * stride);
                }
            }
            FileStat stat = FileIo.stat(base);
            if (stat.size < plan.sizeBytes()) {
                throw new PosixException(Errno.EIO, "statx: base file shorter than its parts", base.path());
            }
            PosixException.check(base.posix().ftruncate(base.number(), plan.sizeBytes()), "ftruncate", base.path());
            FileIo.fsync(base);
        }
        link(UploadFiles.BASE, staging, name);
    }

    private void moveOwn(PartRecord part, Fd staging, String name) throws IOException {
        // Written by one writer, synced before its record was made, and never opened for writing again.
        link(part.file(), staging, name);
    }

    private void link(String from, Fd staging, String name) throws PosixException {
        Fd dir = upload.dir();
        int result = dir.posix().linkat(dir.number(), from, staging.number(), name);
        PosixException.check(result, "linkat", dir.path() + "/" + from);
    }

    private void copyParts(List<PartRecord> parts, Fd staging, String name) throws IOException {
        int flags = Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL;
        try (Fd to = staging.open(name, flags, UploadDirectory.FILE_MODE)) {
            boolean done = false;
            try {
                long at = 0;
                for (PartRecord part : parts) {
                    copyPart(part, to, at);
                    at += part.sizeBytes();
                }
                FileIo.fsync(to);
                done = true;
            } finally {
                if (!done) {
                    // Never given to anybody yet.
                    staging.posix().unlinkat(staging.number(), name, 0);
                }
            }
        }
    }

    private void copyPart(PartRecord part, Fd to, long at) throws IOException {
        try (Fd from = upload.dir().open(part.file(), Posix.O_RDONLY, 0)) {
            copy.copy(from, part.offset(), to, at, part.sizeBytes());
        }
    }
}
