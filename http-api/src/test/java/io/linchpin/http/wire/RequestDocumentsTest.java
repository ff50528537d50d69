package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.PartNumber;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The three documents that clients send, and their limits. */
class RequestDocumentsTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void assertRefusedComplete(ErrorCode code, String parts) {
        S3Exception e = assertThrows(
                S3Exception.class,
                () -> CompleteMultipartRequest.parse(
                        utf8("<CompleteMultipartUpload>" + parts + "</CompleteMultipartUpload>")));
        assertEquals(code, e.failure().code(), parts);
    }

    private static void assertRefusedDelete(ErrorCode code, String objects) {
        S3Exception e = assertThrows(
                S3Exception.class, () -> DeleteObjectsRequest.parse(utf8("<Delete>" + objects + "</Delete>")));
        assertEquals(code, e.failure().code());
    }

    private static String part(String number) {
        return "<Part><PartNumber>" + number + "</PartNumber><ETag>e</ETag></Part>";
    }

    @Test
    void createBucket() {
        assertEquals(Optional.empty(), CreateBucketRequest.parse(new byte[0]).locationConstraint());
        assertEquals(
                Optional.of("eu-west-1"),
                CreateBucketRequest.parse(utf8("<CreateBucketConfiguration xmlns=\"" + XmlWriter.S3_NAMESPACE
                                + "\"><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"))
                        .locationConstraint());
        assertThrows(S3Exception.class, () -> CreateBucketRequest.parse(utf8("<Other/>")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<Tags><Tag><Key>a</Key><Value>b</Value></Tag></Tags>",
                "<Location><Name>use1-az4</Name><Type>AvailabilityZone</Type></Location>",
                "<Bucket><Type>Directory</Type><DataRedundancy>SingleAvailabilityZone</DataRedundancy></Bucket>"
            })
    void aBucketOfAnotherKindIsNotCreatedAsAPlainOne(String element) {
        S3Exception e = assertThrows(
                S3Exception.class,
                () -> CreateBucketRequest.parse(
                        utf8("<CreateBucketConfiguration>" + element + "</CreateBucketConfiguration>")));
        assertEquals(ErrorCode.NotImplemented, e.failure().code());
    }

    @Test
    void completeMultipart() {
        CompleteMultipartRequest r = CompleteMultipartRequest.parse(
                utf8("<CompleteMultipartUpload><Part><ETag>&quot;abc&quot;</ETag><PartNumber> 1 </PartNumber>"
                        + "<ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>" + part("10000")
                        + "</CompleteMultipartUpload>"));
        assertEquals(
                List.of(
                        new CompleteMultipartRequest.Part(
                                new PartNumber(1),
                                new ETag("abc"),
                                Checksum.parseFull(ChecksumAlgorithm.CRC32, "AAAAAA==")),
                        new CompleteMultipartRequest.Part(new PartNumber(10_000), new ETag("e"), Optional.empty())),
                r.parts());
    }

    @Test
    void completeMultipartAtTheLimit() {
        StringBuilder parts = new StringBuilder("<CompleteMultipartUpload>");
        for (int i = 1; i <= 10_000; i++) {
            parts.append("<Part><PartNumber>")
                    .append(i)
                    .append("</PartNumber><ETag>&quot;")
                    .append("0".repeat(32));
            parts.append("&quot;</ETag><ChecksumSHA256>").append("A".repeat(43)).append("=</ChecksumSHA256></Part>\n");
        }
        String doc = parts.append("</CompleteMultipartUpload>").toString();
        assertEquals(10_000, CompleteMultipartRequest.parse(utf8(doc)).parts().size());
    }

    @Test
    void completeMultipartRefusals() {
        assertRefusedComplete(ErrorCode.MalformedXML, "");
        S3Exception nothing = assertThrows(S3Exception.class, () -> CompleteMultipartRequest.parse(new byte[0]));
        assertEquals(ErrorCode.InvalidRequest, nothing.failure().code());
        assertRefusedComplete(ErrorCode.MalformedXML, "<Other/>");
        assertRefusedComplete(ErrorCode.MalformedXML, "<Part><PartNumber>1</PartNumber></Part>");
        assertRefusedComplete(ErrorCode.MalformedXML, "<Part><ETag>e</ETag></Part>");
        assertRefusedComplete(
                ErrorCode.MalformedXML,
                "<Part><PartNumber>1</PartNumber><PartNumber>2</PartNumber><ETag>e</ETag></Part>");
        for (String number : List.of("0", "10001", "-1", "99999999999999999999")) {
            assertRefusedComplete(ErrorCode.InvalidArgument, part(number));
        }
        for (String none : List.of("", "a", "1.0", "\u0661")) {
            assertRefusedComplete(ErrorCode.MalformedXML, part(none));
        }
        assertRefusedComplete(ErrorCode.InvalidPartOrder, part("2") + part("1"));
        assertRefusedComplete(ErrorCode.InvalidPartOrder, part("1") + part("1"));
        assertRefusedComplete(
                ErrorCode.InvalidRequest,
                "<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumCRC32>x</ChecksumCRC32></Part>");
        assertRefusedComplete(
                ErrorCode.InvalidRequest,
                "<Part><PartNumber>1</PartNumber><ETag>e</ETag><ChecksumCRC32>AAAAAA==</ChecksumCRC32>"
                        + "<ChecksumCRC32C>AAAAAA==</ChecksumCRC32C></Part>");
    }

    @Test
    void deleteObjects() {
        DeleteObjectsRequest r =
                DeleteObjectsRequest.parse(utf8("<Delete><Quiet>true</Quiet><Object><Key> a/&#13;b </Key>"
                        + "<VersionId>v</VersionId><ETag>\"e\"</ETag><LastModifiedTime>Fri, 24 May 2013 00:00:00 GMT"
                        + "</LastModifiedTime><Size>5</Size></Object><Object><Key>b</Key></Object></Delete>"));
        assertEquals(true, r.quiet());
        assertEquals(
                List.of(
                        new DeleteObjectsRequest.Target(
                                " a/\rb ",
                                Optional.of(new ObjectKey(" a/\rb ")),
                                Optional.of("v"),
                                Optional.of(new ETag("e")),
                                Optional.of(Instant.parse("2013-05-24T00:00:00Z")),
                                Optional.of(5L)),
                        new DeleteObjectsRequest.Target(
                                "b",
                                Optional.of(new ObjectKey("b")),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty())),
                r.targets());
    }

    @Test
    void aKeyThatIsNoneSpoilsOnlyItself() {
        DeleteObjectsRequest r = DeleteObjectsRequest.parse(
                utf8("<Delete><Object><Key>" + "k".repeat(1025) + "</Key></Object></Delete>"));
        assertEquals(Optional.empty(), r.targets().getFirst().parsed());
    }

    @Test
    void deleteObjectsRefusals() {
        String one = "<Object><Key>k</Key></Object>";
        assertEquals(
                1000,
                DeleteObjectsRequest.parse(utf8("<Delete>" + one.repeat(1000) + "</Delete>"))
                        .targets()
                        .size());
        assertRefusedDelete(ErrorCode.MalformedXML, one.repeat(1001));
        assertRefusedDelete(ErrorCode.MalformedXML, "");
        assertRefusedDelete(ErrorCode.MalformedXML, "<Other/>");
        assertRefusedDelete(ErrorCode.MalformedXML, "<Object/>");
        assertRefusedDelete(ErrorCode.MalformedXML, "<Object><Key></Key></Object>");
        assertRefusedDelete(ErrorCode.MalformedXML, "<Object><Key>a</Key><Key>b</Key></Object>");
        assertRefusedDelete(ErrorCode.MalformedXML, "<Quiet>yes</Quiet>" + one);
        assertRefusedDelete(ErrorCode.MalformedXML, "<Object><Key>k</Key><Size>-1</Size></Object>");
        assertRefusedDelete(
                ErrorCode.MalformedXML, "<Object><Key>k</Key><LastModifiedTime>now</LastModifiedTime></Object>");
        assertRefusedDelete(ErrorCode.MaxMessageLengthExceeded, " ".repeat(DeleteObjectsRequest.MAX_BODY_BYTES));
    }
}
