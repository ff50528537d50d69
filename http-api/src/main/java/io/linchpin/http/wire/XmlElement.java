package io.linchpin.http.wire;

import java.util.List;
import java.util.Optional;

/**
 * One element of a parsed request document.
 *
 * @param name without prefix; namespaces are not compared, as S3 does not
 * @param text the characters directly within it, as they stand
 */
public record XmlElement(String name, String text, List<XmlElement> children) {
    public XmlElement {
        children = List.copyOf(children);
    }

    public List<XmlElement> all(String childName) {
        return children.stream().filter(c -> c.name.equals(childName)).toList();
    }

    /**
     * The one child of that name, or nothing where there is none.
     *
     * @throws S3Exception MalformedXML where there are several
     */
    public Optional<XmlElement> one(String childName) {
        List<XmlElement> found = all(childName);
        if (found.size() > 1) {
            throw new S3Exception(ErrorCode.MalformedXML);
        }
        return found.isEmpty() ? Optional.empty() : Optional.of(found.getFirst());
    }

    /** The text of the one child of that name, without the space around it. */
    public Optional<String> value(String childName) {
        return one(childName).map(e -> e.text.strip());
    }

    /**
     * The text of the one child of that name, exactly as it stands: space is part of a key.
     *
     * @throws S3Exception MalformedXML where there is none
     */
    public String required(String childName) {
        return one(childName).map(XmlElement::text).orElseThrow(() -> new S3Exception(ErrorCode.MalformedXML));
    }
}
