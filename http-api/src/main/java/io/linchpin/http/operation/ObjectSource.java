package io.linchpin.http.operation;

import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.read.OpenObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of an open object, piece by piece. The last piece is given only after a second look at the file agrees that
 * nobody wrote to it meanwhile; else the client gets a body that is cut short, and notices.
 */
final class ObjectSource implements S3Response.ByteSource {
    private static final int PIECE_BYTES = 256 * 1024;

    private final OpenObject object;
    private final Exchange.Holds holds;
    private final java.io.Closeable held;
    private long at;
    private long left;

    ObjectSource(OpenObject object, long first, long length, Exchange.Holds holds) {
        this.object = object;
        this.holds = holds;
        this.held = object::close;
        this.at = first;
        this.left = length;
        holds.hold(held);
    }

    @Override
    public @Nullable ByteBuffer next() throws IOException {
        if (left == 0) {
            return null;
        }
        ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, left));
        long read = object.read(piece, at);
        if (read != piece.capacity()) {
            throw new PosixException(Errno.EIO, "pread", object.path().toString());
        }
        at += read;
        left -= read;
        if (left == 0 && !object.verifyUnchanged()) {
            throw new PosixException(Errno.ESTALE, "fstat", object.path().toString());
        }
        return piece.flip();
    }

    @Override
    public void close() {
        holds.release(held);
        object.close();
    }
}
