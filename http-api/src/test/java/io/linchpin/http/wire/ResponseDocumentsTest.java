package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Each document as it stands on the wire. */
class ResponseDocumentsTest {
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final Instant T = Instant.parse("2009-10-12T17:50:30Z");
    private static final ETag E = new ETag("e");
    private static final Owner OWNER = new Owner("id", "name");
    private static final Checksum CRC =
            Checksum.parseFull(ChecksumAlgorithm.CRC32, "AAAAAA==").orElseThrow();

    private static void assertDocument(String root, String content, String actual) {
        assertEquals(
                DECLARATION + "<" + root + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + content + "</" + root
                        + ">",
                actual);
    }

    @Test
    void anErrorHasNoNamespaceAndItsExtras() {
        S3Failure f = S3Failure.of(ErrorCode.NoSuchKey).with("Key", "a&b");
        assertEquals(
                DECLARATION + "<Error><Code>NoSuchKey</Code><Message>The specified key does not exist.</Message>"
                        + "<Key>a&amp;b</Key><Resource>/b/k</Resource><RequestId>1</RequestId><HostId>2</HostId></Error>",
                f.xml("/b/k", "1", "2"));
        assertTrue(f.at("/c").xml("/b/k", "1", "2").contains("<Resource>/c</Resource>"));
        assertFalse(ErrorCode.NotModified.hasBody());
        assertEquals(
                "NoSuchKey: The specified key does not exist.", f.exception().getMessage());
    }

    @Test
    void whatXmlCannotCarryPlainlyIsEscaped() {
        String s = XmlWriter.document(16)
                .text("T", "<a>&\"' \t\r\n\u0001\u007f\u0085\u00a0\u2028\ufffe\ud83d\ude00\ud83d")
                .done();
        assertEquals(
                DECLARATION + "<T>&lt;a&gt;&amp;&quot;' &#x9;&#xD;&#xA;&#x1;&#x7F;&#x85;\u00a0&#x2028;&#xFFFE;"
                        + "\ud83d\ude00\ufffd</T>",
                s);
        String back = "<a>\r\t&\n\" '";
        byte[] doc = XmlWriter.document(16).text("T", back).done().getBytes(StandardCharsets.UTF_8);
        assertEquals(back, XmlReader.read(doc, "T", 1000, 10).text());
    }

    @Test
    void configurationThatNobodyHasSet() {
        assertDocument("NotificationConfiguration", "", ConfigurationDocuments.empty("NotificationConfiguration"));
        assertDocument("Tagging", "<TagSet></TagSet>", ConfigurationDocuments.noTags());
        assertDocument("RequestPaymentConfiguration", "<Payer>BucketOwner</Payer>", ConfigurationDocuments.ownerPays());
        assertDocument(
                "AccessControlPolicy",
                "<Owner><ID>id</ID><DisplayName>name</DisplayName></Owner><AccessControlList><Grant>"
                        + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">"
                        + "<ID>id</ID><DisplayName>name</DisplayName></Grantee><Permission>FULL_CONTROL</Permission>"
                        + "</Grant></AccessControlList>",
                ConfigurationDocuments.accessOfOwnerAlone(OWNER));
    }

    @Test
    void buckets() {
        assertDocument(
                "ListAllMyBucketsResult",
                "<Owner><ID>id</ID><DisplayName>name</DisplayName></Owner><Buckets><Bucket><Name>b</Name>"
                        + "<CreationDate>2009-10-12T17:50:30.000Z</CreationDate></Bucket></Buckets>"
                        + "<Prefix>p</Prefix><ContinuationToken>t</ContinuationToken>",
                new BucketDocuments.ListBuckets(
                                OWNER,
                                List.of(new BucketDocuments.Bucket("b", T, Optional.empty())),
                                Optional.of("p"),
                                Optional.of("t"))
                        .xml());
        assertDocument("LocationConstraint", "", BucketDocuments.location("us-east-1"));
        assertDocument("LocationConstraint", "eu-west-1", BucketDocuments.location("eu-west-1"));
    }

    private static ListingDocuments.Entry entry(String key, Optional<Owner> owner) {
        return new ListingDocuments.Entry(
                key, T, E, 5, owner, Optional.of(ChecksumAlgorithm.CRC32), Optional.of(ChecksumType.FULL_OBJECT));
    }

    @Test
    void listingVersion1() {
        assertDocument(
                "ListBucketResult",
                "<Name>b</Name><Prefix>p/</Prefix><Marker>m+</Marker><NextMarker>n%0A</NextMarker>"
                        + "<MaxKeys>2</MaxKeys><Delimiter>/</Delimiter><IsTruncated>true</IsTruncated>"
                        + "<EncodingType>url</EncodingType><Contents><Key>p/%01</Key>"
                        + "<LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;e&quot;</ETag>"
                        + "<ChecksumAlgorithm>CRC32</ChecksumAlgorithm><ChecksumType>FULL_OBJECT</ChecksumType>"
                        + "<Size>5</Size><Owner><ID>id</ID><DisplayName>name</DisplayName></Owner>"
                        + "<StorageClass>STANDARD</StorageClass></Contents>"
                        + "<CommonPrefixes><Prefix>p/+/</Prefix></CommonPrefixes>",
                new ListingDocuments.V1(
                                "b",
                                "p/",
                                Optional.of("/"),
                                "m ",
                                Optional.of("n\n"),
                                2,
                                true,
                                true,
                                List.of(entry("p/\u0001", Optional.of(OWNER))),
                                List.of("p/ /"))
                        .xml());
    }

    @Test
    void listingVersion2() {
        String xml = new ListingDocuments.V2(
                        "b",
                        "",
                        Optional.empty(),
                        Optional.of("s"),
                        Optional.of("t+"),
                        Optional.empty(),
                        1000,
                        false,
                        List.of(entry("a b", Optional.empty())),
                        List.of())
                .xml();
        assertDocument(
                "ListBucketResult",
                "<Name>b</Name><Prefix></Prefix><StartAfter>s</StartAfter><ContinuationToken>t+</ContinuationToken>"
                        + "<KeyCount>1</KeyCount><MaxKeys>1000</MaxKeys><IsTruncated>false</IsTruncated><Contents>"
                        + "<Key>a b</Key><LastModified>2009-10-12T17:50:30.000Z</LastModified>"
                        + "<ETag>&quot;e&quot;</ETag><ChecksumAlgorithm>CRC32</ChecksumAlgorithm>"
                        + "<ChecksumType>FULL_OBJECT</ChecksumType><Size>5</Size>"
                        + "<StorageClass>STANDARD</StorageClass></Contents>",
                xml);
    }

    @Test
    void copies() {
        String common = "<LastModified>2009-10-12T17:50:30.000Z</LastModified><ETag>&quot;e&quot;</ETag>";
        assertDocument(
                "CopyObjectResult",
                common + "<ChecksumType>FULL_OBJECT</ChecksumType><ChecksumCRC32>AAAAAA==</ChecksumCRC32>",
                CopyDocuments.copyObject(E, T, Optional.of(CRC)));
        assertDocument(
                "CopyPartResult",
                common + "<ChecksumCRC32>AAAAAA==</ChecksumCRC32>",
                CopyDocuments.copyPart(E, T, Optional.of(CRC)));
    }

    @Test
    void multipart() {
        assertDocument(
                "InitiateMultipartUploadResult",
                "<Bucket>b</Bucket><Key>k</Key><UploadId>u</UploadId>",
                MultipartDocuments.initiate("b", "k", "u"));
        assertDocument(
                "CompleteMultipartUploadResult",
                "<Location>http://h/b/k</Location><Bucket>b</Bucket><Key>k</Key><ETag>&quot;e&quot;</ETag>"
                        + "<ChecksumCRC32>AAAAAA==</ChecksumCRC32><ChecksumType>FULL_OBJECT</ChecksumType>",
                MultipartDocuments.complete("http://h/b/k", "b", "k", E, Optional.of(CRC)));
        String who = "<Initiator><ID>id</ID><DisplayName>name</DisplayName></Initiator>"
                + "<Owner><ID>id</ID><DisplayName>name</DisplayName></Owner><StorageClass>STANDARD</StorageClass>";
        assertDocument(
                "ListPartsResult",
                "<Bucket>b</Bucket><Key>a+b</Key><UploadId>u</UploadId>" + who
                        + "<PartNumberMarker>0</PartNumberMarker><NextPartNumberMarker>1</NextPartNumberMarker>"
                        + "<MaxParts>1</MaxParts><IsTruncated>true</IsTruncated><EncodingType>url</EncodingType>"
                        + "<Part><PartNumber>1</PartNumber><LastModified>2009-10-12T17:50:30.000Z</LastModified>"
                        + "<ETag>&quot;e&quot;</ETag><Size>5</Size><ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part>",
                new MultipartDocuments.ListParts(
                                "b",
                                "a b",
                                "u",
                                OWNER,
                                0,
                                1,
                                1,
                                true,
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                List.of(new MultipartDocuments.Part(1, T, E, 5, Optional.of(CRC))))
                        .xml());
        assertDocument(
                "ListMultipartUploadsResult",
                "<Bucket>b</Bucket><KeyMarker></KeyMarker><UploadIdMarker></UploadIdMarker>"
                        + "<NextKeyMarker>k</NextKeyMarker><NextUploadIdMarker>u</NextUploadIdMarker><Prefix></Prefix>"
                        + "<Delimiter>/</Delimiter><MaxUploads>1</MaxUploads><IsTruncated>true</IsTruncated>"
                        + "<Upload><Key>k</Key><UploadId>u</UploadId>" + who
                        + "<Initiated>2009-10-12T17:50:30.000Z</Initiated></Upload>"
                        + "<CommonPrefixes><Prefix>c/</Prefix></CommonPrefixes>",
                new MultipartDocuments.ListUploads(
                                "b",
                                "",
                                Optional.of("/"),
                                "",
                                "",
                                Optional.of("k"),
                                Optional.of("u"),
                                1,
                                true,
                                false,
                                List.of(new MultipartDocuments.Upload(
                                        "k", "u", OWNER, T, Optional.empty(), Optional.empty())),
                                List.of("c/"))
                        .xml());
    }

    @Test
    void attributes() {
        ObjectAttributesDocument none = new ObjectAttributesDocument(
                Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), OptionalLong.empty());
        assertDocument("GetObjectAttributesResponse", "", none.xml());
        ObjectAttributesDocument all = new ObjectAttributesDocument(
                Optional.of(E),
                Optional.of(new ObjectAttributesDocument.Sums(
                        Map.of(ChecksumAlgorithm.CRC32, "AAAAAA==-1"), Optional.of("COMPOSITE"))),
                Optional.of(new ObjectAttributesDocument.Parts(
                        3,
                        Optional.of(new ObjectAttributesDocument.Page(
                                1,
                                1,
                                true,
                                List.of(new ObjectAttributesDocument.Part(
                                        2, 5, Map.of(ChecksumAlgorithm.CRC32, "AAAAAA=="))))))),
                Optional.of("STANDARD"),
                OptionalLong.of(0));
        assertDocument(
                "GetObjectAttributesResponse",
                "<ETag>e</ETag><Checksum><ChecksumCRC32>AAAAAA==</ChecksumCRC32><ChecksumType>COMPOSITE</ChecksumType>"
                        + "</Checksum><ObjectParts><PartsCount>3</PartsCount><PartNumberMarker>1</PartNumberMarker>"
                        + "<NextPartNumberMarker>2</NextPartNumberMarker><MaxParts>1</MaxParts>"
                        + "<IsTruncated>true</IsTruncated><Part><PartNumber>2</PartNumber><Size>5</Size>"
                        + "<ChecksumCRC32>AAAAAA==</ChecksumCRC32></Part></ObjectParts>"
                        + "<StorageClass>STANDARD</StorageClass><ObjectSize>0</ObjectSize>",
                all.xml());
    }

    @Test
    void deletes() {
        List<DeleteDocument.Outcome> outcomes = List.of(
                new DeleteDocument.Outcome.Deleted("a", Optional.of("1"), Optional.of("2")),
                new DeleteDocument.Outcome.Failed("b", Optional.empty(), ErrorCode.AccessDenied, "no"));
        String error = "<Error><Key>b</Key><Code>AccessDenied</Code><Message>no</Message></Error>";
        assertDocument(
                "DeleteResult",
                "<Deleted><Key>a</Key><VersionId>1</VersionId><DeleteMarker>true</DeleteMarker>"
                        + "<DeleteMarkerVersionId>2</DeleteMarkerVersionId></Deleted>" + error,
                new DeleteDocument(false, outcomes).xml());
        assertDocument("DeleteResult", error, new DeleteDocument(true, outcomes).xml());
    }
}
