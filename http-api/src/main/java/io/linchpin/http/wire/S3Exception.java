package io.linchpin.http.wire;

/** Carries a failure up to the edge of the HTTP layer; it never leaves that layer and has no stack trace. */
public final class S3Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient S3Failure failure;

    public S3Exception(S3Failure failure) {
        super(failure.code() + ": " + failure.message(), null, false, false);
        this.failure = failure;
    }

    public S3Exception(ErrorCode code) {
        this(S3Failure.of(code));
    }

    public S3Exception(ErrorCode code, String message) {
        this(S3Failure.of(code, message));
    }

    public S3Failure failure() {
        return failure;
    }
}
