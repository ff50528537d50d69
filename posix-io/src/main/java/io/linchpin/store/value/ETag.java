package io.linchpin.store.value;

/** An entity tag without its quotes: the MD5 of an object in hex, {@code <md5 of part md5s>-<parts>} for a multipart one. */
public record ETag(String value) {
    /** As it stands in a header: within double quotes. */
    public String quoted() {
        return '"' + value + '"';
    }

    /** The tag that a header or XML text names, with or without quotes. */
    public static ETag unquote(String text) {
        String t = text.strip();
        return new ETag(t.length() >= 2 && t.startsWith("\"") && t.endsWith("\"") ? t.substring(1, t.length() - 1) : t);
    }
}
