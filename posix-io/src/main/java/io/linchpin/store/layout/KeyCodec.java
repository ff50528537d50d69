package io.linchpin.store.layout;

import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The two paths of a key, and back.
 *
 * <p>The natural one is the key itself, where every segment of it is a name that a directory can hold. The escaped one
 * exists for every key: each segment is a name of its own kind, so that any two keys can stand beside each other, and no
 * two keys have the same path.
 *
 * <pre>
 *   f.PIECE   a file: the last segment
 *   d.PIECE   a directory: a segment that a slash follows
 *   c.PIECE   a directory: the first part of a segment that goes on below it, without a slash
 *
 *   a/b      d.a/f.b          a//b   d.a/d./f.b        a/    d.a/f.
 *   a        f.a              ..     f...              50%   f.50%25
 * </pre>
 *
 * PIECE is the text in UTF-8 with {@code %}, control characters and DEL as {@code %XX} (upper case). A segment whose escaped
 * form has {@value #CHUNK_BYTES} bytes or more is cut after the character that reaches that length, again and again, and what is
 * left (perhaps nothing) is its last piece. So every key that begins with the text of a {@code c.} directory is inside
 * it, and sorting the entries of a directory by {@link Segment#under} sorts the keys below them.
 *
 * <p>Both paths are short enough for one system call: a natural one has at most 1,088 bytes, an escaped one below 3,300
 * (each byte of a key gives at most three), of the 4,095 that the kernel takes.
 */
public final class KeyCodec {
    /** Bytes of a name (NAME_MAX). */
    public static final int MAX_NAME_BYTES = 255;

    /** A piece of this many escaped bytes is full: 0 to 3 more bytes complete its last character. */
    static final int CHUNK_BYTES = 240;

    private static final String HEX = "0123456789ABCDEF";

    private KeyCodec() {}

    /** What a name of an escaped path stands for. */
    public enum Kind {
        FILE('f'),
        DIRECTORY('d'),
        CONTINUATION('c');

        private final char tag;

        Kind(char tag) {
            this.tag = tag;
        }
    }

    /**
     * One name of an escaped path, decoded.
     *
     * @param piece the text of the segment, or of the part of it that this name holds
     */
    public record Segment(Kind kind, String piece) {
        /**
         * The key (of a file), or what the keys of all files below begin with (of a directory).
         *
         * @param prefix what the directory that holds this name stands for: empty at the top
         */
        public String under(String prefix) {
            return kind == Kind.DIRECTORY ? prefix + piece + '/' : prefix + piece;
        }
    }

    /** {@code <bucket>/<key>}, or empty where the key has no natural path. */
    public static Optional<KeyPath> natural(ObjectId object) {
        String key = object.key().value();
        if (isReserved(key)) {
            return Optional.empty();
        }
        int start = 0;
        while (true) {
            int slash = key.indexOf('/', start);
            int end = slash < 0 ? key.length() : slash;
            if (!isName(key, start, end)) {
                return Optional.empty();
            }
            if (slash < 0) {
                break;
            }
            start = slash + 1;
        }
        String bucket = object.bucket().value();
        String parent = start == 0 ? bucket : bucket + "/" + key.substring(0, start - 1);
        return Optional.of(new KeyPath(KeyPath.Form.NATURAL, parent, key.substring(start)));
    }

    /** Whether a name at the top of a bucket's directory is kept for Linchpin: no natural key begins so. */
    public static boolean isReserved(String topName) {
        return topName.startsWith(Names.HOME);
    }

    private static boolean isName(String key, int start, int end) {
        int length = end - start;
        if (length == 0 || length > MAX_NAME_BYTES) {
            return false;
        }
        if (key.charAt(start) == '.' && (length == 1 || (length == 2 && key.charAt(start + 1) == '.'))) {
            return false;
        }
        if (length * 3 <= MAX_NAME_BYTES) {
            return true;
        }
        int bytes = 0;
        for (int i = start; i < end; i++) {
            bytes += utf8Bytes(key.charAt(i));
        }
        return bytes <= MAX_NAME_BYTES;
    }

    /** {@code .linchpin/odd/<bucket>/} and the escaped key: every key has it. */
    public static KeyPath escaped(ObjectId object) {
        String key = object.key().value();
        StringBuilder parent = new StringBuilder(key.length() + 64).append(Names.odd(object.bucket()));
        StringBuilder name = new StringBuilder(64);
        int bytes = 0;
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c == '/') {
                endPiece(Kind.DIRECTORY, name, parent);
                bytes = 0;
                continue;
            }
            bytes += append(c, name);
            if (bytes >= CHUNK_BYTES && !Character.isHighSurrogate(c)) {
                endPiece(Kind.CONTINUATION, name, parent);
                bytes = 0;
            }
        }
        return new KeyPath(KeyPath.Form.ESCAPED, parent.toString(), Kind.FILE.tag + "." + name);
    }

    private static void endPiece(Kind kind, StringBuilder name, StringBuilder parent) {
        parent.append('/').append(kind.tag).append('.').append(name);
        name.setLength(0);
    }

    /** Appends a character, escaped where it must be: the bytes it takes. */
    private static int append(char c, StringBuilder to) {
        if (mustEscape(c)) {
            to.append('%').append(HEX.charAt(c >> 4)).append(HEX.charAt(c & 15));
            return 3;
        }
        to.append(c);
        return utf8Bytes(c);
    }

    private static boolean mustEscape(char c) {
        return c < ' ' || c == '%' || c == 0x7F;
    }

    /** Bytes in UTF-8; half of a surrogate pair counts two. */
    private static int utf8Bytes(char c) {
        return c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
    }

    /**
     * The key of a file below {@code odd/<bucket>}; empty where this is not the path of any key.
     *
     * @param relativeToOddBucket the path below that directory, without a slash at either end
     */
    public static Optional<ObjectKey> decodeEscaped(String relativeToOddBucket) {
        String prefix = "";
        int start = 0;
        while (true) {
            int slash = relativeToOddBucket.indexOf('/', start);
            String name = relativeToOddBucket.substring(start, slash < 0 ? relativeToOddBucket.length() : slash);
            Optional<Segment> segment = decodeSegment(name);
            if (segment.isEmpty() || (segment.get().kind() == Kind.FILE) != (slash < 0)) {
                return Optional.empty();
            }
            prefix = segment.get().under(prefix);
            if (slash < 0) {
                return ObjectKey.parse(prefix);
            }
            start = slash + 1;
        }
    }

    /** One name of an escaped path; empty where {@link #escaped} never makes such a name. */
    public static Optional<Segment> decodeSegment(String name) {
        Kind kind = kindOf(name);
        if (kind == null) {
            return Optional.empty();
        }
        StringBuilder piece = new StringBuilder(name.length());
        int bytes = 0;
        int bytesBeforeLast = 0;
        for (int i = 2; i < name.length(); i++) {
            char c = name.charAt(i);
            bytesBeforeLast = Character.isLowSurrogate(c) ? bytesBeforeLast : bytes;
            if (c == '%') {
                int value = i + 2 < name.length() ? hexByte(name.charAt(i + 1), name.charAt(i + 2)) : -1;
                if (value <= 0 || !mustEscape((char) value)) {
                    return Optional.empty();
                }
                piece.append((char) value);
                bytes += 3;
                i += 2;
            } else if (mustEscape(c) || c == '/') {
                return Optional.empty();
            } else {
                piece.append(c);
                bytes += utf8Bytes(c);
            }
        }
        boolean full = bytes >= CHUNK_BYTES;
        if (full != (kind == Kind.CONTINUATION) || bytesBeforeLast >= CHUNK_BYTES) {
            return Optional.empty();
        }
        return Optional.of(new Segment(kind, piece.toString()));
    }

    private static @Nullable Kind kindOf(String name) {
        if (name.length() < 2 || name.charAt(1) != '.') {
            return null;
        }
        for (Kind kind : Kind.values()) {
            if (kind.tag == name.charAt(0)) {
                return kind;
            }
        }
        return null;
    }

    private static int hexByte(char high, char low) {
        int h = HEX.indexOf(high);
        int l = HEX.indexOf(low);
        return h < 0 || l < 0 ? -1 : h << 4 | l;
    }
}
