package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** One decoding of the raw target, for all who look at it. */
class RequestTargetTest {
    private static String path(String raw) {
        return RequestTarget.parse(raw).map(RequestTarget::path).orElse("refused");
    }

    @Test
    void thePathIsDecodedOnceAndNotNormalised() {
        assertEquals("/b/a b+\u00fc%20", path("/b/a%20b+%C3%BC%2520"));
        assertEquals("/b//.././/k/", path("/b//.././/k/"));
        assertEquals("/b/../k", path("/b/%2e%2E/k"));
        assertEquals("/b/\u00fc", path("/b/\u00fc"));
        assertEquals("/b/\r\n", path("/b/%0d%0A"));
    }

    @Test
    void absoluteTargets() {
        assertEquals("/b/k", path("http://host:1/b/k?x"));
        assertEquals("/b/k", path("https://host/b/k"));
        assertEquals("/", path("http://host"));
        assertEquals("/", path("http://host?a=/b"));
        assertEquals(
                Optional.of("/b"),
                RequestTarget.parse("http://host?a=/b").orElseThrow().parameter("a"));
    }

    @Test
    void whatCannotBeUnderstoodInOneWayIsRefused() {
        for (String raw : List.of(
                "",
                "b/k",
                "*",
                "host:1",
                "ftp://host/",
                "/b/%",
                "/b/%4",
                "/b/%zz",
                "/b/%+1",
                "/b/%C0%AF",
                "/b/%ED%A0%80",
                "/b/%FF",
                "/b/%00",
                "/b/k#f",
                "/b/a b",
                "/b/\u0001",
                "/b?%zz",
                "/b?a=%C3",
                "/b?a b",
                "/" + "a".repeat(16_384))) {
            assertEquals("refused", path(raw), raw);
        }
    }

    @Test
    void theQueryKeepsOrderAndRepeats() {
        RequestTarget t =
                RequestTarget.parse("/b?acl&a=1&a=2&&b=x%26y=z+w%2B&=v&c=").orElseThrow();
        assertEquals(
                List.of(
                        new RequestTarget.Parameter("acl", ""),
                        new RequestTarget.Parameter("a", "1"),
                        new RequestTarget.Parameter("a", "2"),
                        new RequestTarget.Parameter("b", "x&y=z w+"),
                        new RequestTarget.Parameter("", "v"),
                        new RequestTarget.Parameter("c", "")),
                t.query());
        assertEquals(Optional.of("1"), t.parameter("a"));
        assertEquals(2, t.count("a"));
        assertEquals(0, t.count("A"));
    }

    @Test
    void threeWaysToEncode() {
        String text = "aZ0-._~/ +*%\u00fc\ud83d\ude00";
        assertEquals("aZ0-._~%2F%20%2B%2A%25%C3%BC%F0%9F%98%80", PercentCoding.encode(text));
        assertEquals("aZ0-._~/%20%2B%2A%25%C3%BC%F0%9F%98%80", PercentCoding.encodePath(text));
        assertEquals("aZ0-._%7E/+%2B*%25%C3%BC%F0%9F%98%80", PercentCoding.encodeListing(text));
        assertEquals("%0A%01", PercentCoding.encodeListing("\n\u0001"));
    }
}
