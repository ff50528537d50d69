package io.linchpin.store.multipart;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What one look at an upload's directory shows of its parts.
 *
 * @param newest of each part number's committed records the one committed last
 * @param byId all committed records, by part id
 * @param claims parts that have, or had, a slot of the base file
 * @param lastSequence of the committed records, 0 where there is none
 * @param prepared whether a part is prepared that is not committed: it may be yet, until it is withdrawn
 */
record PartIndex(
        Map<PartNumber, UploadFiles.PartName> newest,
        Map<UploadId, UploadFiles.PartName> byId,
        List<PartNumber> claims,
        int lastSequence,
        boolean prepared) {
    static PartIndex of(Fd dir) throws PosixException {
        Map<PartNumber, UploadFiles.PartName> newest = new HashMap<>();
        Map<UploadId, UploadFiles.PartName> byId = new HashMap<>();
        List<PartNumber> claims = new ArrayList<>();
        int last = 0;
        boolean prepared = false;
        for (DirEntry e : FileIo.list(dir)) {
            UploadFiles.PartName part = UploadFiles.committed(e.name());
            if (part != null) {
                newest.merge(part.number(), part, (a, b) -> a.sequence() > b.sequence() ? a : b);
                byId.put(part.partId(), part);
                last = Math.max(last, part.sequence());
                continue;
            }
            prepared |= UploadFiles.isPrepared(e.name());
            PartNumber claim = UploadFiles.claimed(e.name());
            if (claim != null) {
                claims.add(claim);
            }
        }
        return new PartIndex(newest, byId, claims, last, prepared);
    }
}
