package io.linchpin.store.explore;

import org.jspecify.annotations.Nullable;

/**
 * What happens once in a scenario's first life, besides its script.
 *
 * @param kind {@code -} nothing; a person's {@code rm}, {@code new} (another file renamed over the name) or {@code write}
 *     (into the file that is there); {@code eio} of the sync that comes next; {@code die} of one of two nodes
 * @param at the index of the state in which it happens
 */
record Disturbance(String kind, int at) {
    static final int EIO = io.linchpin.posix.Errno.EIO;
    static final Disturbance NONE = new Disturbance("-", 0);

    boolean isNone() {
        return kind.equals("-");
    }

    boolean isFault() {
        return kind.equals("eio");
    }

    boolean isDeath() {
        return kind.equals("die");
    }

    boolean isEdit() {
        return !isNone() && !isFault() && !isDeath();
    }

    Person.Edit edit() {
        return switch (kind) {
            case "rm" -> Person.Edit.REMOVE;
            case "new" -> Person.Edit.REPLACE;
            case "write" -> Person.Edit.WRITE;
            default -> throw new IllegalStateException(kind);
        };
    }

    /** What the person leaves at the name: null for nothing. */
    @Nullable
    String content(int life) {
        return kind.equals("rm") ? null : "hand-" + life;
    }

    @Override
    public String toString() {
        return isNone() ? "-" : kind + at;
    }

    /** The inverse of {@link #toString}. */
    static Disturbance parse(String text) {
        if (text.equals("-")) {
            return NONE;
        }
        int digits = text.length();
        while (Character.isDigit(text.charAt(digits - 1))) {
            digits--;
        }
        return new Disturbance(text.substring(0, digits), Integer.parseInt(text.substring(digits)));
    }
}
