package io.linchpin.http.server;

/**
 * Follows the chunked framing of a request body: sizes of 1 to 8 hex digits and a CRLF, no space, no extension, no
 * trailer field; anything else is a framing error, after which the connection cannot be used.
 *
 * <pre>
 *   SIZE ──CRLF──▶ DATA ──▶ DATA_END ──CRLF──▶ SIZE
 *     └──size 0──▶ LAST ──CRLF──▶ DONE
 * </pre>
 */
final class ChunkedFraming {
    private enum State {
        SIZE,
        DATA,
        DATA_END,
        LAST,
        DONE
    }

    /** Thrown where the framing is broken. */
    static final class BrokenFramingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        BrokenFramingException() {
            super("the chunked framing of a request body is broken", null, false, false);
        }
    }

    private static final int MAX_SIZE_DIGITS = 8;

    private State state = State.SIZE;
    private long left;
    private int digits;
    private boolean cr;

    boolean isDone() {
        return state == State.DONE;
    }

    /** Bytes of data that follow right here; 0 where framing bytes follow, for {@link #framing}. */
    long dataBytes() {
        return state == State.DATA ? left : 0;
    }

    /** So many bytes of data were taken. */
    void took(long bytes) {
        left -= bytes;
        if (left == 0) {
            state = State.DATA_END;
        }
    }

    /** Takes one byte of framing. */
    void framing(byte b) {
        switch (state) {
            case SIZE -> size(b);
            case DATA_END -> {
                if (lineEnd(b)) {
                    state = State.SIZE;
                }
            }
            case LAST -> {
                if (lineEnd(b)) {
                    state = State.DONE;
                }
            }
            case DATA, DONE -> throw new IllegalStateException("no framing in " + state);
        }
    }

    private void size(byte b) {
        int digit = b < 0 ? -1 : Character.digit((char) b, 16);
        if (!cr && digit >= 0 && digits < MAX_SIZE_DIGITS) {
            left = left * 16 + digit;
            digits++;
        } else if (digits == 0) {
            throw new BrokenFramingException();
        } else if (lineEnd(b)) {
            digits = 0;
            state = left == 0 ? State.LAST : State.DATA;
        }
    }

    /** Whether this byte, of a CR and then an LF, is the LF. */
    private boolean lineEnd(byte b) {
        if (b != (cr ? '\n' : '\r')) {
            throw new BrokenFramingException();
        }
        cr = !cr;
        return !cr;
    }
}
