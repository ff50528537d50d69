package io.linchpin.http.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The headers of a request as they were received: in order, repeats kept, names in lower case, values without spaces and
 * tabs around them. Host, Content-Type and Content-Length are among them, as sent.
 */
public final class Headers {
    private final List<String> names;
    private final List<String> values;

    private Headers(List<String> names, List<String> values) {
        this.names = names;
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Names and values in turn. */
    public static Headers of(String... namesAndValues) {
        Builder b = builder();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            b.add(namesAndValues[i], namesAndValues[i + 1]);
        }
        return b.build();
    }

    public int size() {
        return names.size();
    }

    /** The name of the i-th header, in lower case. */
    public String name(int i) {
        return names.get(i);
    }

    public String value(int i) {
        return values.get(i);
    }

    /** The value of the first header of that lower-case name. */
    public Optional<String> first(String name) {
        int i = indexOf(name, 0);
        return i < 0 ? Optional.empty() : Optional.of(values.get(i));
    }

    public boolean has(String name) {
        return indexOf(name, 0) >= 0;
    }

    /** The values of all headers of that lower-case name, in order. */
    public List<String> all(String name) {
        List<String> found = new ArrayList<>(1);
        for (int i = indexOf(name, 0); i >= 0; i = indexOf(name, i + 1)) {
            found.add(values.get(i));
        }
        return found;
    }

    /** Where the next header of that lower-case name stands, at or after {@code from}; -1 where none does. */
    public int indexOf(String name, int from) {
        for (int i = from; i < names.size(); i++) {
            if (names.get(i).equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /** Names only: values may be secrets. */
    @Override
    public String toString() {
        return names.toString();
    }

    /** Collects headers in the order received. */
    public static final class Builder {
        private final List<String> names = new ArrayList<>(16);
        private final List<String> values = new ArrayList<>(16);

        private Builder() {}

        public Builder add(String name, String value) {
            names.add(lower(name));
            values.add(trim(value));
            return this;
        }

        /**
         * Without spaces and tabs around it, and no other character: a reader before or after this one takes no more for
         * space (RFC 9110), so a Content-Length after an ideographic space is malformed to all of them.
         */
        private static String trim(String value) {
            int from = 0;
            int to = value.length();
            while (from < to && isSpace(value.charAt(from))) {
                from++;
            }
            while (to > from && isSpace(value.charAt(to - 1))) {
                to--;
            }
            return value.substring(from, to);
        }

        private static boolean isSpace(char c) {
            return c == ' ' || c == '\t';
        }

        public Headers build() {
            return new Headers(names, values);
        }

        private static String lower(String name) {
            for (int i = 0; i < name.length(); i++) {
                char c = name.charAt(i);
                if (c >= 'A' && c <= 'Z') {
                    return name.toLowerCase(Locale.ROOT);
                }
            }
            return name;
        }
    }
}
