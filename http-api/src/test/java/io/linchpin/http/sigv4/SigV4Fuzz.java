package io.linchpin.http.sigv4;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.http.server.HeadParser;
import io.linchpin.http.server.RequestHead;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Heads of requests, made of ones that were signed: whoever cannot sign gets nothing else accepted than what was signed.
 * Two requests mean the same where method, path, query, Host, Content-Type (unless presigned) and every x-amz- header are
 * the same, runs of spaces counting as one.
 */
public final class SigV4Fuzz implements FuzzTarget {
    private final HeadParser parser = new HeadParser(64);
    private final Set<String> signed = new HashSet<>();
    private final List<byte[]> seeds = new ArrayList<>();

    public SigV4Fuzz() {
        add(TestSigner.signed("GET", "/b/k%20%2B?versionId=a%2Fb&acl", TestSigner.head()));
        add(TestSigner.signed(
                "PUT", "/b/k", TestSigner.head("content-type", "a/b", "x-amz-meta-a", "x  y", "x-amz-acl", "private")));
        add(TestSigner.signed(
                "PUT",
                "/b//%C3%A9/..",
                TestSigner.head("x-amz-content-sha256", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"),
                "content-type"));
        Map<String, String> host = Map.of("host", "h");
        add(TestSigner.view(
                "GET", TestSigner.presigned("GET", "/b/k", host, "host", "60", "response-cache-control=x%20y"), host));
        Map<String, String> more = Map.of("host", "h", "x-amz-copy-source", "/b/other");
        add(TestSigner.view("PUT", TestSigner.presigned("PUT", "/b/k", more, "host;x-amz-copy-source", "60"), more));
    }

    private void add(RequestView request) {
        StringBuilder head = new StringBuilder(request.method()).append(' ');
        head.append(
                io.linchpin.http.wire.PercentCoding.encodePath(request.target().path()));
        String before = "?";
        for (RequestTarget.Parameter p : request.target().query()) {
            head.append(before)
                    .append(io.linchpin.http.wire.PercentCoding.encode(p.name()))
                    .append('=')
                    .append(io.linchpin.http.wire.PercentCoding.encode(p.value()));
            before = "&";
        }
        head.append(" HTTP/1.1\r\n");
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            head.append(headers.name(i)).append(": ").append(headers.value(i)).append("\r\n");
        }
        signed.add(meaning(request));
        seeds.add(head.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static String meaning(RequestView request) {
        boolean presigned = PresignedQuery.isIn(request.target());
        List<String> parts = new ArrayList<>();
        for (RequestTarget.Parameter p : request.target().query()) {
            if (!p.name().equals(PresignedQuery.SIGNATURE)) {
                parts.add("?" + p.name() + "=" + p.value());
            }
        }
        Headers headers = request.headers();
        for (int i = 0; i < headers.size(); i++) {
            String name = headers.name(i);
            if (name.startsWith("x-amz-") || name.equals("host") || (!presigned && name.equals("content-type"))) {
                parts.add(name + ":" + headers.value(i).replaceAll(" +", " "));
            }
        }
        parts.sort(null);
        return request.method() + " " + request.target().path() + " " + parts;
    }

    @Override
    public List<byte[]> seeds() {
        return seeds;
    }

    @Override
    public boolean run(byte[] input) {
        if (!(parser.parse(input, 0, input.length) instanceof RequestHead.Accepted head)) {
            return false;
        }
        RequestView request = head.view();
        return switch (TestSigner.verifier().verify(request, TestSigner.store(), TestSigner.NOW)) {
            case Authentication.Refused _ -> false;
            case Authentication.Anonymous _ -> {
                assertTrue(!request.headers().has("authorization") && !PresignedQuery.isIn(request.target()));
                yield false;
            }
            case Authentication.Verified _ -> {
                assertTrue(signed.contains(meaning(request)), () -> "never signed: " + meaning(request));
                yield true;
            }
        };
    }
}
