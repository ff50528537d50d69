package io.linchpin.http.wire;

import java.io.StringReader;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/**
 * Reads the XML document of a request, on the understanding that it is hostile: the body is bounded before anything is
 * looked at; only UTF-8 is taken, by byte order mark and declaration as well; a document type, and with it every entity,
 * is refused; depth and number of elements are counted while reading.
 */
public final class XmlReader {
    /** Deep enough for a lifecycle rule. */
    public static final int MAX_DEPTH = 16;

    private static final XMLInputFactory FACTORY = factory();

    private XmlReader() {}

    private static XMLInputFactory factory() {
        // The JDK's own, whatever else is on the class path: the switches below are known to work there.
        XMLInputFactory f = XMLInputFactory.newDefaultFactory();
        f.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        f.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        f.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
        f.setProperty(XMLInputFactory.IS_COALESCING, true);
        f.setProperty(XMLInputFactory.IS_NAMESPACE_AWARE, true);
        f.setXMLResolver((publicId, systemId, base, namespace) -> {
            throw new XMLStreamException("no external entities");
        });
        return f;
    }

    /**
     * The root of a document.
     *
     * @param maxBytes bound on the body
     * @param maxElements bound on the number of elements
     * @throws S3Exception MaxMessageLengthExceeded, or MalformedXML
     */
    public static XmlElement read(byte[] body, String root, int maxBytes, int maxElements) {
        if (body.length > maxBytes) {
            throw S3Failure.of(ErrorCode.MaxMessageLengthExceeded)
                    .with("MaxMessageLengthBytes", Integer.toString(maxBytes))
                    .exception();
        }
        String text = PercentCoding.utf8(ByteBuffer.wrap(body)).orElseThrow(XmlReader::malformed);
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        if (text.indexOf('\0') >= 0 || text.contains("<!DOCTYPE") || text.contains("<!ENTITY")) {
            throw malformed();
        }
        try {
            XMLStreamReader in;
            synchronized (FACTORY) {
                in = FACTORY.createXMLStreamReader(new StringReader(text));
            }
            String encoding = in.getCharacterEncodingScheme();
            if (encoding != null && !encoding.toLowerCase(Locale.ROOT).matches("utf-?8|us-ascii")) {
                throw malformed();
            }
            XmlElement element = read(in, maxElements);
            in.close();
            if (!element.name().equals(root)) {
                throw malformed();
            }
            return element;
        } catch (XMLStreamException e) {
            throw malformed();
        }
    }

    private static XmlElement read(XMLStreamReader in, int maxElements) throws XMLStreamException {
        Deque<Open> open = new ArrayDeque<>();
        int elements = 0;
        XmlElement root = null;
        while (in.hasNext()) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    if (++elements > maxElements || open.size() == MAX_DEPTH) {
                        throw malformed();
                    }
                    open.push(new Open(in.getLocalName()));
                }
                case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA -> {
                    if (!open.isEmpty()) {
                        open.peek().text.append(in.getText());
                    }
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    XmlElement done = open.pop().element();
                    if (open.isEmpty()) {
                        root = done;
                    } else {
                        open.peek().children.add(done);
                    }
                }
                case XMLStreamConstants.SPACE,
                        XMLStreamConstants.COMMENT,
                        XMLStreamConstants.PROCESSING_INSTRUCTION,
                        XMLStreamConstants.END_DOCUMENT -> {}
                default -> throw malformed();
            }
        }
        if (root == null) {
            throw malformed();
        }
        return root;
    }

    static S3Exception malformed() {
        return new S3Exception(ErrorCode.MalformedXML);
    }

    private static final class Open {
        private final String name;
        private final StringBuilder text = new StringBuilder(32);
        private final List<XmlElement> children = new ArrayList<>(4);

        private Open(String name) {
            this.name = name;
        }

        private XmlElement element() {
            return new XmlElement(name, text.toString(), children);
        }
    }
}
