package io.linchpin.http.torture.check;

import java.util.Locale;

/** Operations in words. */
public final class Words {
    private Words() {}

    /** What was asked, and what came of it. */
    public static String of(Operation one) {
        return asked(one) + ": " + answered(one);
    }

    /** Call, condition, and what it was to write. */
    public static String asked(Operation one) {
        StringBuilder words = new StringBuilder(
                one.call() == Call.COMPLETE ? "complete multipart" : one.call().name());
        if (one.writes() > Operation.ABSENT) {
            words.append(" of upload ").append(one.writes());
        }
        if (one.expects() == Operation.ABSENT) {
            words.append(", If-None-Match: *");
        } else if (one.expects() > Operation.ABSENT) {
            words.append(", If-Match: upload ").append(one.expects());
        }
        return words.toString();
    }

    /** The answer. */
    public static String answered(Operation one) {
        return switch (one.outcome()) {
            case DONE -> one.call().isRead() ? "saw " + state(one.sees()) : "acknowledged";
            case REFUSED -> one.sees() == Operation.ABSENT ? "refused: no such key" : "refused";
            case UNKNOWN -> "outcome unknown";
            case TORN -> one.note().isEmpty() ? "a mixture" : one.note();
        };
    }

    /** A state. */
    static String state(int state) {
        return state == Operation.ABSENT ? "nothing" : "upload " + state;
    }

    /** For the beginning of a sentence: which client's which call. */
    static String who(Operation one) {
        return "client " + one.client() + "'s " + one.call().name().toLowerCase(Locale.ROOT);
    }
}
