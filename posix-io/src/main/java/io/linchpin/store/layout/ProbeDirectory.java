package io.linchpin.store.layout;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory {@code .linchpin/probe.<id>} to try things in; gone when closed. One that a killed process left behind
 * holds a few bytes, is never used again, and may be removed by hand.
 */
final class ProbeDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProbeDirectory.class);
    private static final String PREFIX = "probe.";

    private final Fd home;
    private final Fd dir;
    private final String name;

    private ProbeDirectory(Fd home, Fd dir, String name) {
        this.home = home;
        this.dir = dir;
        this.name = name;
    }

    /** @param id never used before */
    static ProbeDirectory make(StoreRoot root, UploadId id) throws PosixException {
        StoreFormat.ensureHome(root);
        String name = PREFIX + id;
        Fd home = StoreFormat.openHome(root);
        try {
            PosixException.check(home.posix().mkdirat(home.number(), name, 0700), "mkdirat", Names.HOME + "/" + name);
            return new ProbeDirectory(home, home.openDir(name), name);
        } catch (PosixException e) {
            home.close();
            throw e;
        }
    }

    Fd fd() {
        return dir;
    }

    /** Makes a new file, open for reading and writing. */
    Fd create(String fileName) throws PosixException {
        return dir.open(fileName, Posix.O_RDWR | Posix.O_CREAT | Posix.O_EXCL, 0600);
    }

    /** Removes everything in it, and itself; whatever fails, it stays behind. */
    @Override
    public void close() {
        try {
            for (DirEntry entry : FileIo.list(dir)) {
                FileIo.unlinkIfPresent(dir, entry.name());
            }
            dir.posix().unlinkat(home.number(), name, Posix.AT_REMOVEDIR);
        } catch (IOException e) {
            log.warn("{}/{} could not be removed: {}", Names.HOME, name, e.getMessage());
        } finally {
            dir.close();
            home.close();
        }
    }
}
