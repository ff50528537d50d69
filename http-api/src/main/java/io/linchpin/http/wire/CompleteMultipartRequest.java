package io.linchpin.http.wire;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The body of CompleteMultipartUpload: the parts, in the order given, which is strictly ascending. */
public record CompleteMultipartRequest(List<Part> parts) {
    /** Room for 10,000 parts with a SHA-256 and an indented layout. */
    public static final int MAX_BODY_BYTES = 4 * 1024 * 1024;

    private static final Pattern INTEGER = Pattern.compile("-?[0-9]+");

    private static final int MAX_ELEMENTS = 1 + PartNumber.MAX * 8;

    /**
     * One part to be joined.
     *
     * @param checksum what the client takes the part's checksum to be, where it says
     */
    public record Part(PartNumber number, ETag etag, Optional<Checksum> checksum) {}

    public CompleteMultipartRequest {
        parts = List.copyOf(parts);
    }

    /**
     * Reads the body.
     *
     * @throws S3Exception MalformedXML, InvalidPartOrder, InvalidArgument, InvalidRequest or MaxMessageLengthExceeded
     */
    public static CompleteMultipartRequest parse(byte[] body) {
        if (body.length == 0) {
            throw new S3Exception(ErrorCode.InvalidRequest, "You must specify at least one part");
        }
        XmlElement root = XmlReader.read(body, "CompleteMultipartUpload", MAX_BODY_BYTES, MAX_ELEMENTS);
        List<Part> parts = new ArrayList<>();
        int last = 0;
        for (XmlElement child : root.children()) {
            if (!child.name().equals("Part")) {
                throw XmlReader.malformed();
            }
            Part part = part(child);
            if (part.number().value() <= last) {
                throw new S3Exception(ErrorCode.InvalidPartOrder);
            }
            last = part.number().value();
            parts.add(part);
        }
        if (parts.isEmpty() || parts.size() > PartNumber.MAX) {
            throw XmlReader.malformed();
        }
        return new CompleteMultipartRequest(parts);
    }

    private static Part part(XmlElement element) {
        String text = element.required("PartNumber").strip();
        if (!INTEGER.matcher(text).matches()) {
            throw XmlReader.malformed();
        }
        PartNumber number = PartNumber.of(Numbers.nonNegative(text))
                .orElseThrow(() -> S3Failure.of(
                                ErrorCode.InvalidArgument,
                                "PartNumber must be an integer between 1 and 10000, inclusive")
                        .exception());
        Optional<Checksum> checksum = Optional.empty();
        for (ChecksumAlgorithm algorithm : ChecksumAlgorithm.values()) {
            Optional<String> value = element.value(algorithm.elementName()).filter(v -> !v.isEmpty());
            if (value.isPresent()) {
                if (checksum.isPresent()) {
                    throw new S3Exception(ErrorCode.InvalidRequest, "Expecting a single checksum for a part.");
                }
                checksum = Checksum.parseFull(algorithm, value.get());
                if (checksum.isEmpty()) {
                    throw new S3Exception(
                            ErrorCode.InvalidRequest, "Value for " + algorithm.elementName() + " is invalid.");
                }
            }
        }
        return new Part(number, ETag.unquote(element.required("ETag")), checksum);
    }
}
