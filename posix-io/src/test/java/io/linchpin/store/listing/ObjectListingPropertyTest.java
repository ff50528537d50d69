package io.linchpin.store.listing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.read.StoreFixture;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against a reference that sorts all keys and rolls them up one by one. */
class ObjectListingPropertyTest {
    private static final String[] PIECES = {
        "a", "b", "a!", "a0", ".", "..", "/", "/", "/", "ab", "é", "\uFFFD", "😀", "%", "x".repeat(250)
    };
    private static final BucketName BUCKET = new BucketName("bucket");

    private final long seed = Long.getLong("linchpin.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @TempDir
    private Path directory;

    @Test
    void pagesAreThoseOfTheReference() throws IOException {
        for (int tree = 0; tree < 12; tree++) {
            Path path = Files.createDirectory(directory.resolve("tree" + tree));
            try (StoreFixture store = new StoreFixture(path)) {
                TreeSet<String> keys = new TreeSet<>(ObjectKey::compareUtf8);
                for (int i = random.nextInt(60); i > 0; i--) {
                    make(store, keys);
                }
                for (int query = 0; query < 60; query++) {
                    compare(new ObjectListing(store.root, 1 + random.nextInt(5)), keys);
                }
            }
        }
    }

    private void make(StoreFixture store, SortedSet<String> keys) throws IOException {
        String key = text(9);
        if (!ObjectKey.isValid(key)) {
            return;
        }
        ObjectId object = StoreFixture.object(key);
        KeyPath natural = KeyCodec.natural(object).orElse(null);
        if (natural != null) {
            try {
                store.write(natural, key);
                keys.add(key);
                if (Files.isDirectory(store.at(natural.toString()))) {
                    store.write(KeyCodec.escaped(object), key);
                }
                if (random.nextInt(8) != 0) {
                    return;
                }
                // Both forms at once: the key comes once.
            } catch (IOException e) {
                // A file is where a directory is needed: the escaped form it is.
            }
        }
        store.write(KeyCodec.escaped(object), key);
        keys.add(key);
    }

    private void compare(ObjectListing listing, SortedSet<String> keys) throws IOException {
        String prefix = random.nextBoolean() ? "" : some(keys);
        String delimiter = random.nextInt(3) == 0 ? "" : random.nextInt(3) > 0 ? "/" : text(2);
        String after = random.nextBoolean() ? "" : some(keys);
        boolean first = random.nextBoolean();
        List<String> expected = new ArrayList<>();
        for (String key : keys) {
            if (!key.startsWith(prefix) || ObjectKey.compareUtf8(key, after) <= 0) {
                continue;
            }
            String item = item(key, prefix, delimiter);
            // A version 1 listing has told the prefix that its marker is in.
            boolean told = first && after.startsWith(prefix) && item.equals(item(after, prefix, delimiter));
            if (!expected.contains(item) && !told) {
                expected.add(item);
            }
        }
        for (int max : new int[] {1, 2, 3, Math.max(1, expected.size()), expected.size() + 1, 1000}) {
            List<String> all = new ArrayList<>();
            Bound bound = first ? Bound.marker(after, prefix, delimiter) : Bound.after(after);
            int pages = 0;
            while (true) {
                ObjectListing.Page page = listing.list(BUCKET, new ObjectListing.Query(prefix, delimiter, bound, max));
                page.items().forEach(item -> all.add(show(item)));
                pages++;
                if (!page.isTruncated()) {
                    break;
                }
                assertEquals(max, page.items().size(), () -> "seed " + seed);
                Bound next = nextOf(page);
                bound = first ? Bound.marker(next.text(), prefix, delimiter) : next;
            }
            assertEquals(
                    expected,
                    all,
                    () -> "seed " + seed + " prefix " + prefix + " delimiter " + delimiter + " after " + after + " max "
                            + max + " version " + (first ? 1 : 2));
            assertEquals(Math.max(1, (expected.size() + max - 1) / max), pages, () -> "seed " + seed);
        }
        assertNull(listing.list(BUCKET, new ObjectListing.Query(prefix, delimiter, Bound.START, 0))
                .next());
    }

    /** What a key is listed as. */
    private static String item(String key, String prefix, String delimiter) {
        int at = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
        return at < 0 ? "key " + key : "prefix " + key.substring(0, at + delimiter.length());
    }

    private static Bound nextOf(ObjectListing.Page page) {
        Bound next = page.next();
        if (next == null) {
            throw new AssertionError("truncated, without a next page");
        }
        return next;
    }

    private static String show(Listed item) {
        return switch (item) {
            case Listed.Entry entry -> "key " + entry.key();
            case Listed.CommonPrefix common -> "prefix " + common.prefix();
        };
    }

    /** A key, a part of one, or something like one. */
    private String some(SortedSet<String> keys) {
        if (keys.isEmpty() || random.nextInt(4) == 0) {
            return text(3);
        }
        String key = new ArrayList<>(keys).get(random.nextInt(keys.size()));
        String part = random.nextBoolean() ? key : key.substring(0, random.nextInt(key.length() + 1));
        return !part.isEmpty() && Character.isHighSurrogate(part.charAt(part.length() - 1))
                ? part.substring(0, part.length() - 1)
                : part;
    }

    private String text(int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append(PIECES[random.nextInt(PIECES.length)]);
        }
        return text.toString();
    }
}
