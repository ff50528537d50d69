package io.linchpin.http.operation;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.posix.Errno;
import io.linchpin.posix.PosixException;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.value.ObjectId;

/** How the refusals and faults below the HTTP layer are told to an S3 client. */
public final class Failures {
    private Failures() {}

    /**
     * An operating fault by its errno: no room (ENOSPC, EDQUOT, and EFBIG for a file beyond the filesystem's limit) is 507
     * InsufficientStorage or EntityTooLarge, no right (EACCES, EPERM, EROFS) is 403, a name that the filesystem cannot
     * hold is 400, a shortage that passes is 503; all else is 500.
     */
    public static S3Failure ofErrno(int errno) {
        return switch (errno) {
            case Errno.ENOSPC, Errno.EDQUOT -> S3Failure.of(ErrorCode.InsufficientStorage);
            case Errno.EACCES, Errno.EPERM, Errno.EROFS -> S3Failure.of(ErrorCode.AccessDenied);
            case Errno.EFBIG -> S3Failure.of(ErrorCode.EntityTooLarge);
            case Errno.ENAMETOOLONG -> S3Failure.of(ErrorCode.KeyTooLongError);
            case Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM -> S3Failure.of(ErrorCode.SlowDown);
            default -> S3Failure.of(ErrorCode.InternalError);
        };
    }

    public static S3Failure of(PosixException e) {
        return ofErrno(e.errno());
    }

    /** The refusals that every mutation may meet; an outcome that is none of them is the caller's to handle. */
    public static RuntimeException of(Outcome outcome, ObjectId object) {
        return switch (outcome) {
            case Outcome.PreconditionFailed(String condition) -> preconditionFailed(condition);
            case Outcome.NoSuchKey() -> noSuchKey(object);
            case Outcome.NoSuchBucket() -> new S3Exception(ErrorCode.NoSuchBucket);
            case Outcome.Busy b -> new S3Exception(ErrorCode.SlowDown);
            case Outcome.Failed(int errno, String call) -> ofErrno(errno).exception();
            case Outcome.Unknown() -> new OutcomeUnknownException();
            case Outcome.Committed c -> new IllegalStateException("no refusal: " + c);
            case Outcome.Deleted d -> new IllegalStateException("no refusal: " + d);
        };
    }

    static S3Exception noSuchKey(ObjectId object) {
        return S3Failure.of(ErrorCode.NoSuchKey)
                .with("Key", object.key().value())
                .exception();
    }

    /** The condition is the name of its header. */
    public static S3Exception preconditionFailed(String condition) {
        return S3Failure.of(ErrorCode.PreconditionFailed)
                .with("Condition", condition)
                .exception();
    }
}
