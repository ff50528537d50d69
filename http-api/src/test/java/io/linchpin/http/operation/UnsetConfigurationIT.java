package io.linchpin.http.operation;

import static io.linchpin.http.testing.Xml.assertRefused;
import static io.linchpin.http.testing.Xml.element;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.http.testing.S3;
import io.linchpin.http.testing.S3Server;
import io.linchpin.http.testing.Signer;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a client is told that asks for configuration which cannot be set here: as S3 tells it where none is set. */
@S3Server
class UnsetConfigurationIT {
    private static final List<String> OF_BUCKETS = List.of(
            "accelerate",
            "acl",
            "cors",
            "encryption",
            "lifecycle",
            "logging",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "replication",
            "requestPayment",
            "tagging",
            "website");

    private static final List<String> OF_OBJECTS = List.of("acl", "legal-hold", "retention", "tagging");

    private final S3 s3;

    UnsetConfigurationIT(S3 s3) {
        this.s3 = s3;
    }

    private String newObject() throws Exception {
        String k = "/" + s3.newBucket() + "/k";
        s3.send("PUT", k, "hello", Map.of());
        return k;
    }

    private static void assertDocument(String root, String content, HttpResponse<String> got) {
        assertEquals(200, got.statusCode(), got.body());
        assertEquals("application/xml", got.headers().firstValue("content-type").orElse(""));
        String document =
                "<" + root + " xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">" + content + "</" + root + ">";
        assertTrue(got.body().endsWith("\n" + document), got.body());
    }

    @ParameterizedTest
    @CsvSource({
        "cors,NoSuchCORSConfiguration",
        "encryption,ServerSideEncryptionConfigurationNotFoundError",
        "lifecycle,NoSuchLifecycleConfiguration",
        "object-lock,ObjectLockConfigurationNotFoundError",
        "ownershipControls,OwnershipControlsNotFoundError",
        "policy,NoSuchBucketPolicy",
        "policyStatus,NoSuchBucketPolicy",
        "publicAccessBlock,NoSuchPublicAccessBlockConfiguration",
        "replication,ReplicationConfigurationNotFoundError",
        "tagging,NoSuchTagSet",
        "website,NoSuchWebsiteConfiguration"
    })
    void aBucketHasNone(String name, String code) throws Exception {
        String b = s3.newBucket();
        HttpResponse<String> refused = s3.send("GET", "/" + b + "?" + name);
        assertRefused(404, code, refused);
        assertEquals(b, element(refused.body(), "BucketName"));
    }

    @ParameterizedTest
    @CsvSource({
        "accelerate,AccelerateConfiguration,''",
        "logging,BucketLoggingStatus,''",
        "notification,NotificationConfiguration,''",
        "requestPayment,RequestPaymentConfiguration,<Payer>BucketOwner</Payer>"
    })
    void aBucketIsAsItIsWithout(String name, String root, String content) throws Exception {
        assertDocument(root, content, s3.send("GET", "/" + s3.newBucket() + "?" + name + "="));
    }

    @Test
    void everythingIsItsOwnersAlone() throws Exception {
        String k = newObject();
        String bucket = k.substring(0, k.lastIndexOf('/'));
        String listed = s3.send("GET", "/").body();
        String owner = "<ID>" + element(listed, "ID") + "</ID><DisplayName>" + element(listed, "DisplayName")
                + "</DisplayName>";
        String list = "<Owner>" + owner + "</Owner><AccessControlList><Grant>"
                + "<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"CanonicalUser\">" + owner
                + "</Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList>";
        assertDocument("AccessControlPolicy", list, s3.send("GET", bucket + "?acl"));
        assertDocument("AccessControlPolicy", list, s3.send("GET", bucket + "/?acl"));
        assertDocument("AccessControlPolicy", list, s3.send("GET", k + "?acl"));
    }

    @Test
    void anObjectHasNoTags() throws Exception {
        String k = newObject();
        assertDocument("Tagging", "<TagSet></TagSet>", s3.send("GET", k + "?tagging"));
        Files.writeString(s3.root().resolve(k.substring(1) + "-by-hand"), "hello");
        assertDocument("Tagging", "<TagSet></TagSet>", s3.send("GET", k + "-by-hand?tagging"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"retention", "legal-hold"})
    void anObjectIsNotLocked(String name) throws Exception {
        HttpResponse<String> refused = s3.send("GET", newObject() + "?" + name);
        assertRefused(404, "NoSuchObjectLockConfiguration", refused);
        assertEquals("k", element(refused.body(), "Key"));
    }

    @ParameterizedTest
    @FieldSource("OF_BUCKETS")
    void theBucketMustBeThere(String name) throws Exception {
        assertRefused(404, "NoSuchBucket", s3.send("GET", "/no-such-bucket-of-settings?" + name));
        assertRefused(400, "InvalidBucketName", s3.send("GET", "/No?" + name));
    }

    @ParameterizedTest
    @FieldSource("OF_OBJECTS")
    void theObjectMustBeThere(String name) throws Exception {
        assertRefused(404, "NoSuchKey", s3.send("GET", "/" + s3.newBucket() + "/k?" + name));
        assertRefused(404, "NoSuchBucket", s3.send("GET", "/no-such-bucket-of-settings/k?" + name));
    }

    @Test
    void itIsToBeReadOnly() throws Exception {
        String k = newObject();
        String bucket = k.substring(0, k.lastIndexOf('/'));
        for (String method : new String[] {"PUT", "DELETE", "POST", "HEAD"}) {
            for (String name : OF_BUCKETS) {
                assertEquals(501, s3.send(method, bucket + "?" + name).statusCode(), method + name);
            }
            for (String name : OF_OBJECTS) {
                assertEquals(501, s3.send(method, k + "?" + name).statusCode(), method + name);
            }
        }
        assertEquals("hello", s3.send("GET", k).body());
    }

    /** Neither is what S3 has there, nor two at once, of which one would be passed over. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/?acl",
                "/?tagging",
                "/{b}?retention",
                "/{b}?legal-hold",
                "/{b}?torrent",
                "/{b}/k?cors",
                "/{b}/k?policy",
                "/{b}?acl&policy",
                "/{b}?policy&versions",
                "/{b}?acl&uploads",
                "/{b}?location&acl",
                "/{b}?acl&versioning",
                "/{b}?acl&never-heard-of",
                "/{b}/k?tagging&acl",
                "/{b}/k?acl&attributes",
                "/{b}/k?tagging&uploadId=1",
                "/{b}/k?tagging&versionId=abc"
            })
    void noOtherIsBuilt(String target) throws Exception {
        String b = newObject().split("/", -1)[1];
        assertRefused(501, "NotImplemented", s3.send("GET", target.replace("{b}", b)));
    }

    @Test
    void whatElseARequestMaySayIsAsInOthers() throws Exception {
        String k = newObject();
        String bucket = k.substring(0, k.lastIndexOf('/'));
        String owner = element(s3.send("GET", "/").body(), "ID");
        for (String target : new String[] {bucket + "?acl", k + "?acl", k + "?tagging&versionId=null"}) {
            Map<String, String> ours = Map.of("x-amz-expected-bucket-owner", owner);
            Map<String, String> anothers = Map.of("x-amz-expected-bucket-owner", "123456789012");
            assertEquals(200, s3.send("GET", target, "", ours).statusCode());
            assertRefused(403, "AccessDenied", s3.send("GET", target, "", anothers));
        }
        assertEquals(200, s3.send("GET", k + "?tagging&x-id=GetObjectTagging").statusCode());
        String presigned = Signer.presign("GET", k, s3.host(), "tagging");
        assertEquals(200, s3.sendAsIs("GET", presigned).statusCode());
        assertRefused(403, "AccessDenied", s3.sendAsIs("GET", bucket + "?acl"));
    }
}
