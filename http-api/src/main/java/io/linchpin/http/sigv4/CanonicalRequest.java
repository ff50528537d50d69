package io.linchpin.http.sigv4;

import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.PercentCoding;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The canonical form of a request, which both sides sign. The path is decoded and encoded once, and not normalised: the
 * form that S3 alone has.
 */
final class CanonicalRequest {
    private static final Comparator<RequestTarget.Parameter> BY_NAME_THEN_VALUE =
            Comparator.comparing(RequestTarget.Parameter::name).thenComparing(RequestTarget.Parameter::value);

    private CanonicalRequest() {}

    static String of(RequestView request, SignedHeaders signed, String payloadHash) {
        StringBuilder out = new StringBuilder(512);
        out.append(request.method()).append('\n');
        out.append(PercentCoding.encodePath(request.target().path())).append('\n');
        query(out, request.target());
        out.append('\n');
        for (String name : signed.names()) {
            header(out, request.headers(), name);
        }
        out.append('\n').append(signed.text()).append('\n').append(payloadHash);
        return out.toString();
    }

    private static void query(StringBuilder out, RequestTarget target) {
        if (target.query().isEmpty()) {
            return;
        }
        List<RequestTarget.Parameter> encoded = new ArrayList<>(target.query().size());
        for (RequestTarget.Parameter p : target.query()) {
            if (!p.name().equals(PresignedQuery.SIGNATURE)) {
                encoded.add(
                        new RequestTarget.Parameter(PercentCoding.encode(p.name()), PercentCoding.encode(p.value())));
            }
        }
        encoded.sort(BY_NAME_THEN_VALUE);
        for (int i = 0; i < encoded.size(); i++) {
            if (i > 0) {
                out.append('&');
            }
            out.append(encoded.get(i).name()).append('=').append(encoded.get(i).value());
        }
    }

    /** A header that is signed and not there counts as empty: its absence is what was signed then. */
    private static void header(StringBuilder out, Headers headers, String name) {
        out.append(name).append(':');
        boolean first = true;
        for (int i = headers.indexOf(name, 0); i >= 0; i = headers.indexOf(name, i + 1)) {
            if (!first) {
                out.append(',');
            }
            first = false;
            appendCollapsed(out, headers.value(i));
        }
        out.append('\n');
    }

    /** Runs of spaces count as one. */
    private static void appendCollapsed(StringBuilder out, String value) {
        if (!value.contains("  ")) {
            out.append(value);
            return;
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c != ' ' || value.charAt(i - 1) != ' ') {
                out.append(c);
            }
        }
    }
}
