package io.linchpin.posix.sim;

import io.linchpin.posix.FileStat;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;

/** The real filesystem under another mount's number: as a namespace of mounts, a later mount or an older kernel shows it. */
public final class MountedAs extends ForwardingPosix {
    private final Posix posix = new NativePosix();
    private final long mountId;
    private final boolean isUnique;

    public MountedAs(long mountId, boolean isUnique) {
        this.mountId = mountId;
        this.isUnique = isUnique;
    }

    @Override
    protected Posix delegate() {
        return posix;
    }

    @Override
    public int statx(int dirFd, String path, int flags, FileStat into) {
        int result = super.statx(dirFd, path, flags, into);
        into.mountId = mountId;
        into.mountIdIsUnique = isUnique;
        return result;
    }
}
