package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.value.ETag;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Dates, ranges, entity tags, user metadata and copy sources: each form that counts, and those that do not. */
class HeaderValuesTest {
    private static final Instant T = Instant.parse("1994-11-06T08:49:37Z");

    @Test
    void httpDates() {
        assertEquals("Sun, 06 Nov 1994 08:49:37 GMT", HttpDate.format(T.plusMillis(999)));
        for (String text : List.of(
                "Sun, 06 Nov 1994 08:49:37 GMT",
                "Sun, 6 Nov 1994 08:49:37 GMT",
                "sun, 06 nov 1994 08:49:37 gmt",
                "06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 UTC",
                "Sun, 06 Nov 1994 08:49:37 +0000",
                "Sun, 06 Nov 1994 08:49:37 -0000",
                "Sunday, 06-Nov-94 08:49:37 GMT",
                "Sun Nov  6 08:49:37 1994",
                "1994-11-06T08:49:37Z",
                " Sun, 06 Nov 1994 08:49:37 GMT ")) {
            assertEquals(Optional.of(T), HttpDate.parse(text), text);
        }
        for (String text : List.of(
                "",
                "now",
                "0",
                "Sun, 32 Nov 1994 08:49:37 GMT",
                "Mon, 06 Nov 1994 08:49:37 GMT",
                "Sun, 06 Nov 1994 08:49:37 EST",
                "1994-11-06",
                "x".repeat(1000))) {
            assertEquals(Optional.empty(), HttpDate.parse(text), text);
        }
    }

    @Test
    void isoDates() {
        assertEquals("1994-11-06T08:49:37.999Z", Iso8601.format(T.plusNanos(999_999_999)));
        assertEquals("1994-11-06T08:49:37.000Z", Iso8601.format(T));
        assertEquals("19941106T084937Z", Iso8601.formatBasic(T));
        assertEquals(Optional.of(T), Iso8601.parse("1994-11-06T09:49:37+01:00"));
        assertEquals(Optional.of(T), Iso8601.parseBasic("19941106T084937Z"));
        for (String text : List.of("", "19941106T084937", "19941306T084937Z", "19941106T244937Z", "+9941106T084937Z")) {
            assertEquals(Optional.empty(), Iso8601.parseBasic(text), text);
        }
    }

    private static String resolved(String header, long sizeBytes) {
        return ByteRange.parse(header)
                .map(r -> switch (r.resolve(sizeBytes)) {
                    case ByteRange.Resolved.Slice s -> s.first() + "-" + s.last() + "/" + s.lengthBytes();
                    case ByteRange.Resolved.Unsatisfiable u -> "416";
                })
                .orElse("ignored");
    }

    @Test
    void ranges() {
        assertEquals("0-9/10", resolved("bytes=0-9", 100));
        assertEquals("90-99/10", resolved("bytes=90-999", 100));
        assertEquals("5-99/95", resolved("bytes=5-", 100));
        assertEquals("93-99/7", resolved("bytes=-7", 100));
        assertEquals("0-99/100", resolved("bytes=-700", 100));
        assertEquals("99-99/1", resolved(" Bytes = 99-99999999999999999999999 ", 100));
        assertEquals("416", resolved("bytes=100-", 100));
        assertEquals("416", resolved("bytes=99999999999999999999999-", 100));
        assertEquals("416", resolved("bytes=-0", 100));
        assertEquals("416", resolved("bytes=0-0", 0));
        assertEquals("416", resolved("bytes=-1", 0));
        for (String bad : List.of(
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=a-b",
                "bytes=9-0",
                "bytes=0-1,3-4",
                "items=0-1",
                "bytes=1",
                "bytes=+1-2",
                "bytes=1--2",
                "bytes= 1 - 2",
                "bytes=\u0661-2")) {
            assertEquals("ignored", resolved(bad, 100), bad);
        }
    }

    @Test
    void copySourceRangesAreStrict() {
        assertEquals(Optional.of(new ByteRange(0, 9)), ByteRange.parseCopySourceRange("bytes=0-9"));
        for (String bad : List.of("bytes=0-", "bytes=-9", "0-9", "Bytes=0-9", "bytes=9-0", "bytes=0-1,2-3")) {
            assertEquals(Optional.empty(), ByteRange.parseCopySourceRange(bad), bad);
        }
    }

    private static List<String> tags(String header) {
        return EntityTags.parse(header)
                .map(t -> t.tags().stream().map(ETag::value).toList())
                .orElse(List.of("malformed"));
    }

    @Test
    void entityTags() {
        assertTrue(EntityTags.parse("*").orElseThrow().matches(new ETag("any")));
        assertEquals(List.of("a"), tags("\"a\""));
        assertEquals(List.of("a"), tags(" a "));
        assertEquals(List.of("a"), tags("W/\"a\""));
        assertEquals(List.of("a", "b,c", "d"), tags("\"a\", \"b,c\" ,W/\"d\""));
        assertEquals(List.of("a", "b"), tags("a,b"));
        for (String bad :
                List.of("", " ", "\"", "\"a", "a\"", "\"a\"b", "\"a\",", ",\"a\"", "\"\"", "a,".repeat(101) + "a")) {
            assertEquals(List.of("malformed"), tags(bad), bad);
        }
        EntityTags two = EntityTags.parse("\"a\",\"b\"").orElseThrow();
        assertTrue(two.matches(new ETag("b")));
        assertFalse(two.matches(new ETag("c")));
    }

    @Test
    void userMetadata() {
        UserMetadata m = UserMetadata.parse(Headers.of(
                "X-Amz-Meta-B", " 1 ", "x-amz-meta-a", "\u00fc", "x-amz-meta-b", "2", "x-amz-acl", "private"));
        assertEquals("{b=1,2, a=\u00fc}", m.entries().toString());
        assertEquals(1 + 3 + 1 + 2, m.sizeBytes());
        assertEquals(
                2048,
                UserMetadata.parse(Headers.of("x-amz-meta-abc", "v".repeat(2045)))
                        .sizeBytes());
        for (String[] bad : new String[][] {
            {"MetadataTooLarge", "x-amz-meta-abc", "v".repeat(2046)},
            {"MetadataTooLarge", "x-amz-meta-abc", "\u00fc".repeat(1023)},
            {"InvalidArgument", "x-amz-meta-", "v"},
            {"InvalidArgument", "x-amz-meta-a", "v\r\nx: y"},
            {"InvalidArgument", "x-amz-meta-a", "v\0w"}
        }) {
            S3Exception e = assertThrows(S3Exception.class, () -> UserMetadata.parse(Headers.of(bad[1], bad[2])));
            assertEquals(bad[0], e.failure().code().name());
        }
        assertThrows(
                UnsupportedOperationException.class,
                () -> UserMetadata.of(Map.of()).entries().put("a", "b"));
    }

    @Test
    void copySources() {
        for (String text : List.of(
                "/bucket/a%20b/%C3%BC%3F",
                "bucket/a%20b/\u00fc%3f",
                "%2Fbucket%2Fa%20b%2F%C3%BC%3F",
                "bucket/a+b/%C3%BC%3F",
                "/bucket/a b/\u00fc%3F")) {
            CopySource s = CopySource.parse(text);
            assertEquals("bucket/a b/\u00fc?", s.object().toString());
            assertEquals(Optional.empty(), s.versionId());
        }
        assertEquals(
                "bucket/../a+b//",
                CopySource.parse("bucket/../a%2Bb//").object().toString());
        assertEquals(
                Optional.of("v1"), CopySource.parse("bucket/k?versionId=v1").versionId());
        for (String[] bad : new String[][] {
            {"InvalidArgument", ""},
            {"InvalidArgument", "bucket"},
            {"InvalidArgument", "/bucket"},
            {"InvalidArgument", "bucket/"},
            {"InvalidArgument", "bucket/k?version=1"},
            {"InvalidArgument", "bucket/k?versionId="},
            {"InvalidArgument", "bucket/k?versionId=%zz"},
            {"InvalidArgument", "bucket/%"},
            {"InvalidArgument", "bucket/%2"},
            {"InvalidArgument", "bucket/%C0%AF"},
            {"InvalidArgument", "bucket/a%00b"},
            {"InvalidBucketName", "//bucket/k"},
            {"InvalidBucketName", "../etc/passwd"},
            {"InvalidBucketName", ".linchpin/staging/x"},
            {"InvalidBucketName", "Bucket/k"},
            {"KeyTooLongError", "bucket/" + "k".repeat(1025)}
        }) {
            S3Exception e = assertThrows(S3Exception.class, () -> CopySource.parse(bad[1]), bad[1]);
            assertEquals(bad[0], e.failure().code().name(), bad[1]);
        }
    }
}
