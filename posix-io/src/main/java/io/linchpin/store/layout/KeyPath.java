package io.linchpin.store.layout;

/**
 * One of the two paths of a key, relative to the root.
 *
 * @param parent the directory, never empty: at least the bucket's
 * @param leaf the file's name in it
 */
public record KeyPath(Form form, String parent, String leaf) {
    /** Which of a key's two paths. */
    public enum Form {
        /** {@code ROOT/<bucket>/<key>}: the rule. */
        NATURAL,
        /** Below {@code ROOT/.linchpin/odd/<bucket>/}, every segment escaped: always possible. */
        ESCAPED
    }

    @Override
    public String toString() {
        return parent + "/" + leaf;
    }
}
