package io.linchpin.http.wire;

/**
 * Writes one XML 1.0 document. Texts are escaped so that a parser gives back the same characters: a carriage return,
 * tab or line feed as a character reference; a character that XML 1.0 cannot carry at all as a reference too, as S3
 * does, which lenient parsers accept (a listing asked for with {@code encoding-type=url} has no such character).
 */
public final class XmlWriter {
    /** The namespace of every S3 document but the error document. */
    public static final String S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

    private static final String INSTANCE_NAMESPACE = "http://www.w3.org/2001/XMLSchema-instance";

    private static final char[] HEX = "0123456789ABCDEF".toCharArray();

    private final StringBuilder out;

    private XmlWriter(int sizeHint) {
        this.out = new StringBuilder(sizeHint);
    }

    /** A new document with its declaration. */
    public static XmlWriter document(int sizeHint) {
        XmlWriter xml = new XmlWriter(sizeHint);
        xml.out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        return xml;
    }

    /** A new S3 document with its root element open. */
    public static XmlWriter s3(String root, int sizeHint) {
        XmlWriter xml = document(sizeHint);
        xml.openRoot(root);
        return xml;
    }

    /** A new S3 document that is one element with a text. */
    public static String s3Text(String root, String value) {
        XmlWriter xml = s3(root, 160);
        xml.escape(value);
        return xml.close(root).done();
    }

    private void openRoot(String root) {
        out.append('<').append(root).append(" xmlns=\"").append(S3_NAMESPACE).append("\">");
    }

    public XmlWriter open(String element) {
        out.append('<').append(element).append('>');
        return this;
    }

    /** Opens an element that says of which type it is, as a grantee does: clients know one kind from another by that alone. */
    public XmlWriter openOfType(String element, String type) {
        out.append('<').append(element).append(" xmlns:xsi=\"").append(INSTANCE_NAMESPACE);
        out.append("\" xsi:type=\"").append(type).append("\">");
        return this;
    }

    public XmlWriter close(String element) {
        out.append("</").append(element).append('>');
        return this;
    }

    public XmlWriter text(String element, String value) {
        open(element);
        escape(value);
        return close(element);
    }

    public XmlWriter number(String element, long value) {
        open(element);
        out.append(value);
        return close(element);
    }

    public XmlWriter bool(String element, boolean value) {
        open(element);
        out.append(value);
        return close(element);
    }

    /** The whole document. */
    public String done() {
        return out.toString();
    }

    private void escape(String value) {
        int from = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x20 && c < 0x7F && c != '&' && c != '<' && c != '>' && c != '"') {
                continue;
            }
            if (c > 0x9F && c < 0xFFFE && c != 0x2028 && (!Character.isSurrogate(c) || pairAt(value, i))) {
                continue;
            }
            out.append(value, from, i);
            from = i + 1;
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                default -> {
                    if (Character.isSurrogate(c)) {
                        out.append('\uFFFD');
                    } else {
                        reference(c);
                    }
                }
            }
        }
        out.append(value, from, value.length());
    }

    private static boolean pairAt(String value, int i) {
        return Character.isHighSurrogate(value.charAt(i))
                ? i + 1 < value.length() && Character.isLowSurrogate(value.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(value.charAt(i - 1));
    }

    private void reference(char c) {
        out.append("&#x");
        boolean started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            int digit = (c >> shift) & 0xF;
            if (digit != 0 || started || shift == 0) {
                started = true;
                out.append(HEX[digit]);
            }
        }
        out.append(';');
    }
}
