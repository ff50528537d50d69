package io.linchpin.http.body;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The trailing headers of an aws-chunked body, by lower-case name, each once. */
public record Trailers(Map<String, String> byName) {
    public static final Trailers NONE = new Trailers(Map.of());

    public Trailers {
        byName = Map.copyOf(new LinkedHashMap<>(byName));
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}
