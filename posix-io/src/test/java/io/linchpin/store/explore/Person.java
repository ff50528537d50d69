package io.linchpin.store.explore;

import io.linchpin.posix.Errno;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.ObjectId;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Somebody who changes an object's file by hand. */
final class Person {
    /** In which way. */
    enum Edit {
        REMOVE,
        /** A new file is renamed over the name. */
        REPLACE,
        /** The file that is there is written anew, as long as it was; where there is none, one is made. */
        WRITE
    }

    private Person() {}

    static void edit(StoreRoot root, ObjectId object, Edit how, @Nullable String content) {
        String path = KeyCodec.natural(object).orElseThrow().toString();
        Posix posix = root.posix();
        if (content == null) {
            posix.unlinkat(root.fd(), path, 0);
            return;
        }
        posix.mkdirat(root.fd(), path.substring(0, path.lastIndexOf('/')), 0755);
        boolean inPlace = how == Edit.WRITE;
        FileStat old = new FileStat();
        // In place, of the same size: only its times tell that it is another.
        int bytes = posix.statx(root.fd(), path, 0, old) == 0 ? (int) old.size : 0;
        String written = inPlace ? path : "saved-" + content;
        int fd = check(posix.openat2(
                root.fd(),
                written,
                Posix.O_WRONLY | Posix.O_CREAT | (inPlace ? Posix.O_TRUNC : Posix.O_EXCL),
                0600,
                0));
        posix.pwrite(fd, ByteBuffer.wrap(Bodies.padded(content, inPlace ? bytes : 0)), 0);
        check(posix.fsync(fd));
        posix.close(fd);
        if (!inPlace) {
            check(posix.renameat2(root.fd(), written, root.fd(), path, 0));
        }
    }

    private static int check(int result) {
        if (result < 0) {
            throw new AssertionError("edit by hand: " + Errno.name(-result));
        }
        return result;
    }
}
