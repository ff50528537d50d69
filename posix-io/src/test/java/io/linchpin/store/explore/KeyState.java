package io.linchpin.store.explore;

/**
 * One state of a key.
 *
 * @param op which upload's version it holds; 0 for none, -1 for a hand-made file
 * @param tag the version's tag, or the hand-made file's content
 */
record KeyState(int op, String tag) {
    static final KeyState ABSENT = new KeyState(0, "");

    static KeyState handMade(String content) {
        return new KeyState(-1, content);
    }

    boolean isHandMade() {
        return op < 0;
    }

    @Override
    public String toString() {
        return op == 0 ? "absent" : op < 0 ? tag : "op " + op + (tag.isEmpty() ? "" : " tag " + tag);
    }
}
