package io.linchpin.cluster.shard;

/** The kinds of owners, by the letter that begins their entity ids. */
public enum OwnerKind {
    /** {@code o-<32 hex>}: orders the mutations of one key. */
    OBJECT('o'),
    /** {@code b-<bucket>}: orders what happens to a bucket. */
    BUCKET('b'),
    /** {@code u-<upload id>}: orders a multipart upload. */
    MULTIPART('u'),
    /** {@code s-<shard number>}: speaks for its shard, and lives exactly in it. */
    SHARD('s');

    private final char letter;

    OwnerKind(char letter) {
        this.letter = letter;
    }

    public char letter() {
        return letter;
    }
}
