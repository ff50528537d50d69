package io.linchpin.posix;

import java.io.IOException;

/** A system call failed: which, on what, and with which errno. */
public final class PosixException extends IOException {
    private static final long serialVersionUID = 1;
    private final int errno;
    private final String call;

    public PosixException(int errno, String call, String path) {
        super(call + " " + path + ": " + Errno.name(errno));
        this.errno = errno;
        this.call = call;
    }

    /** The errno, positive. */
    public int errno() {
        return errno;
    }

    /** The C name of the call. */
    public String call() {
        return call;
    }

    /** Gives a result of zero or more back; throws for a negated errno. */
    public static int check(int result, String call, String path) throws PosixException {
        if (result < 0) {
            throw new PosixException(-result, call, path);
        }
        return result;
    }

    /** Gives a result of zero or more back; throws for a negated errno. */
    public static long check(long result, String call, String path) throws PosixException {
        if (result < 0) {
            throw new PosixException((int) -result, call, path);
        }
        return result;
    }
}
