package io.linchpin.http.sigv4;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The names of the headers that a signature covers: lower case, ascending, hence each once.
 *
 * @param text as it was sent
 */
record SignedHeaders(String text, List<String> names) {
    private static final int MAX_NAMES = 128;

    SignedHeaders {
        names = List.copyOf(names);
    }

    static Optional<SignedHeaders> parse(String text) {
        List<String> names = new ArrayList<>(8);
        String last = "";
        int start = 0;
        while (start <= text.length()) {
            int end = text.indexOf(';', start);
            end = end < 0 ? text.length() : end;
            String name = text.substring(start, end);
            if (!isName(name) || name.compareTo(last) <= 0 || names.size() == MAX_NAMES) {
                return Optional.empty();
            }
            names.add(name);
            last = name;
            start = end + 1;
        }
        return Optional.of(new SignedHeaders(text, names));
    }

    private static boolean isName(String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= 0x20 || c >= 0x7F || (c >= 'A' && c <= 'Z') || c == ':' || c == ',') {
                return false;
            }
        }
        return !name.isEmpty();
    }

    boolean contains(String name) {
        return names.contains(name);
    }
}
