package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * Request documents, each read as any of them: what is read, written anew, is read as the same, and is within the bounds;
 * all else is an S3Exception, whatever the JDK's parser makes of it.
 */
public final class DocumentsFuzz implements FuzzTarget {
    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "<Delete><Quiet>true</Quiet><Object><Key>a/b</Key><ETag>\"x\"</ETag></Object></Delete>",
                        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Delete xmlns=\"" + XmlWriter.S3_NAMESPACE
                                + "\">\n<Object><Key> &lt;&#x41;é</Key><Size>3</Size><VersionId>v</VersionId>"
                                + "<LastModifiedTime>Wed, 21 Oct 2015 07:28:00 GMT</LastModifiedTime></Object></Delete>",
                        "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag>"
                                + "<ChecksumCRC32C>yZRlqg==</ChecksumCRC32C></Part></CompleteMultipartUpload>",
                        "<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint>"
                                + "</CreateBucketConfiguration>",
                        "<!DOCTYPE a [<!ENTITY x \"y\">]><Delete>&x;</Delete>",
                        "<Delete><!-- c --><?pi x?><Object><Key><![CDATA[<k>]]></Key></Object></Delete>")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public boolean run(byte[] input) {
        boolean accepted = deletes(input);
        accepted |= completes(input);
        accepted |= creates(input);
        return accepted;
    }

    private static boolean deletes(byte[] input) {
        DeleteObjectsRequest request;
        try {
            request = DeleteObjectsRequest.parse(input);
        } catch (S3Exception refused) {
            return false;
        }
        assertTrue(request.targets().size() <= DeleteObjectsRequest.MAX_OBJECTS);
        XmlWriter xml = XmlWriter.document(256).open("Delete").bool("Quiet", request.quiet());
        for (DeleteObjectsRequest.Target t : request.targets()) {
            xml.open("Object").text("Key", t.key());
            t.versionId().ifPresent(v -> xml.text("VersionId", v));
            t.ifMatch().ifPresent(e -> xml.text("ETag", e.value().equals("*") ? "*" : '"' + e.value() + '"'));
            t.ifLastModified().ifPresent(m -> xml.text("LastModifiedTime", HttpDate.format(m)));
            t.ifSizeBytes().ifPresent(s -> xml.number("Size", s));
            xml.close("Object");
        }
        String written = xml.close("Delete").done();
        assertEquals(request, DeleteObjectsRequest.parse(written.getBytes(StandardCharsets.UTF_8)), written);
        return true;
    }

    private static boolean completes(byte[] input) {
        CompleteMultipartRequest request;
        try {
            request = CompleteMultipartRequest.parse(input);
        } catch (S3Exception refused) {
            return false;
        }
        XmlWriter xml = XmlWriter.document(256).open("CompleteMultipartUpload");
        int last = 0;
        for (CompleteMultipartRequest.Part p : request.parts()) {
            assertTrue(p.number().value() > last);
            last = p.number().value();
            xml.open("Part").number("PartNumber", last);
            xml.text("ETag", '"' + p.etag().value() + '"');
            p.checksum().ifPresent(c -> xml.text(c.algorithm().elementName(), c.base64()));
            xml.close("Part");
        }
        String written = xml.close("CompleteMultipartUpload").done();
        assertEquals(request, CompleteMultipartRequest.parse(written.getBytes(StandardCharsets.UTF_8)), written);
        return true;
    }

    private static boolean creates(byte[] input) {
        CreateBucketRequest request;
        try {
            request = CreateBucketRequest.parse(input);
        } catch (S3Exception refused) {
            return false;
        }
        XmlWriter xml = XmlWriter.document(256).open("CreateBucketConfiguration");
        request.locationConstraint().ifPresent(l -> xml.text("LocationConstraint", l));
        String written = xml.close("CreateBucketConfiguration").done();
        assertEquals(request, CreateBucketRequest.parse(written.getBytes(StandardCharsets.UTF_8)), written);
        return input.length > 0;
    }
}
