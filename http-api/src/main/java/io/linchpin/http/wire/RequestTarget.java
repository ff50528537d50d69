package io.linchpin.http.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The target of a request, taken apart once from its raw form: the signature, the policy and the store all see this one
 * decoding. The path is not normalised in any way ({@code //}, {@code .} and {@code ..} are parts of keys).
 *
 * @param path decoded, beginning with {@code /}
 * @param query the parameters in the order received, decoded; one without {@code =} has an empty value
 */
public record RequestTarget(String path, List<Parameter> query) {
    /** Bound on the raw target: a key of 1,024 bytes, every byte escaped, and a presigned query fit in well. */
    public static final int MAX_CHARS = 16 * 1024;

    /** One decoded query parameter. */
    public record Parameter(String name, String value) {}

    public RequestTarget {
        query = List.copyOf(query);
    }

    /** The target of a request line; nothing where it is not one that can be understood in one way only. */
    public static Optional<RequestTarget> parse(String raw) {
        if (raw.length() > MAX_CHARS || raw.indexOf('#') >= 0) {
            return Optional.empty();
        }
        String origin = raw.startsWith("/") ? raw : originForm(raw);
        int question = origin.indexOf('?');
        Optional<String> path = PercentCoding.decode(question < 0 ? origin : origin.substring(0, question), false);
        if (path.isEmpty() || !path.get().startsWith("/") || path.get().indexOf('\0') >= 0) {
            return Optional.empty();
        }
        List<Parameter> query = new ArrayList<>();
        if (question >= 0 && !parseQuery(origin, question + 1, query)) {
            return Optional.empty();
        }
        return Optional.of(new RequestTarget(path.get(), query));
    }

    /** {@code http://host/path} is a legal target too; its authority is judged by the Host header alone. */
    private static String originForm(String raw) {
        int scheme = raw.indexOf("://");
        if (!raw.startsWith("http") || scheme < 0 || scheme > 5) {
            return raw;
        }
        int slash = raw.indexOf('/', scheme + 3);
        int question = raw.indexOf('?', scheme + 3);
        if (slash >= 0 && (question < 0 || slash < question)) {
            return raw.substring(slash);
        }
        return question < 0 ? "/" : "/" + raw.substring(question);
    }

    private static boolean parseQuery(String raw, int from, List<Parameter> into) {
        int start = from;
        while (start <= raw.length()) {
            int end = raw.indexOf('&', start);
            if (end < 0) {
                end = raw.length();
            }
            if (end > start) {
                int equals = raw.indexOf('=', start);
                boolean bare = equals < 0 || equals > end;
                Optional<String> name = PercentCoding.decode(raw.substring(start, bare ? end : equals), true);
                Optional<String> value =
                        bare ? Optional.of("") : PercentCoding.decode(raw.substring(equals + 1, end), true);
                if (name.isEmpty() || value.isEmpty()) {
                    return false;
                }
                into.add(new Parameter(name.get(), value.get()));
            }
            start = end + 1;
        }
        return true;
    }

    /** The value of the first parameter of that name, case sensitive. */
    public Optional<String> parameter(String name) {
        for (Parameter p : query) {
            if (p.name().equals(name)) {
                return Optional.of(p.value());
            }
        }
        return Optional.empty();
    }

    public boolean has(String name) {
        return parameter(name).isPresent();
    }

    /** How often a parameter of that name stands in the query. */
    public int count(String name) {
        int n = 0;
        for (Parameter p : query) {
            if (p.name().equals(name)) {
                n++;
            }
        }
        return n;
    }
}
