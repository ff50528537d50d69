package io.linchpin.http.credentials;

import java.io.IOException;

/** The root account's keys are set or kept as nobody can use them: a sentence for the person who may mend that. */
public final class UnusableKeysException extends IOException {
    private static final long serialVersionUID = 1L;

    UnusableKeysException(String sentence) {
        super(sentence);
    }
}
