package io.linchpin.http.wire;

import io.linchpin.store.value.ETag;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The value of If-Match or If-None-Match: {@code *}, or a list of entity tags. As S3 does, a tag without quotes counts,
 * and a weak tag counts as the strong one (S3 never makes weak ones).
 *
 * @param any whether the header was {@code *}
 */
public record EntityTags(boolean any, List<ETag> tags) {
    private static final int MAX_TAGS = 100;

    public EntityTags {
        tags = List.copyOf(tags);
    }

    /** The tags of a header; nothing where it is malformed or names more than 100. */
    public static Optional<EntityTags> parse(String header) {
        String h = header.strip();
        if (h.equals("*")) {
            return Optional.of(new EntityTags(true, List.of()));
        }
        List<ETag> tags = new ArrayList<>(1);
        int i = 0;
        while (i <= h.length()) {
            int start = skipSpace(h, i);
            if (h.startsWith("W/", start)) {
                start += 2;
            }
            boolean quoted = start < h.length() && h.charAt(start) == '"';
            int end = h.indexOf(quoted ? '"' : ',', quoted ? start + 1 : start);
            if (quoted && end < 0) {
                return Optional.empty();
            }
            end = end < 0 ? h.length() : end;
            String tag = h.substring(quoted ? start + 1 : start, end).strip();
            int next = skipSpace(h, quoted ? end + 1 : end);
            if (tag.isEmpty()
                    || tag.indexOf('"') >= 0
                    || tags.size() == MAX_TAGS
                    || (next < h.length() && h.charAt(next) != ',')) {
                return Optional.empty();
            }
            tags.add(new ETag(tag));
            i = next + 1;
        }
        return Optional.of(new EntityTags(false, tags));
    }

    private static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && (text.charAt(i) == ' ' || text.charAt(i) == '\t')) {
            i++;
        }
        return i;
    }

    /** Whether an existing object of that tag is meant. */
    public boolean matches(ETag etag) {
        return any || tags.contains(etag);
    }
}
