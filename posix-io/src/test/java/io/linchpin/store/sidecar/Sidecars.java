package io.linchpin.store.sidecar;

import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Sidecars for tests. */
public final class Sidecars {
    private static final String[] SNIPPETS = {
        "a", "Z", "0", "\"", "\\", "\n", "\u0001", "é", "日", "😀", " ", "}", "/", "~"
    };

    private Sidecars() {}

    public static ObjectId object(String bucket, String key) {
        return new ObjectId(new BucketName(bucket), new ObjectKey(key));
    }

    /** The least that a sidecar holds. */
    public static Sidecar plain(ObjectId object, UploadId upload, long size, String etag) {
        return new Sidecar(
                object,
                upload,
                0,
                size,
                new ETag(etag),
                Map.of("content-type", "text/plain"),
                Map.of(),
                Map.of(),
                Map.of(),
                null,
                List.of(),
                null);
    }

    static Sidecar random(Random random) {
        List<Sidecar.Part> parts = new ArrayList<>();
        for (int i = random.nextInt(4) == 0 ? random.nextInt(20) : 0; i > 0; i--) {
            parts.add(new Sidecar.Part(parts.size() + 1, random.nextLong(1L << 33), map(random, 2)));
        }
        return new Sidecar(
                object("bucket-" + random.nextInt(9), "k" + text(random, 200)),
                UploadId.of(random.nextLong(), random.nextLong()),
                random.nextInt(3) == 0 ? random.nextLong(1000) : 0,
                random.nextLong(1L << 50),
                new ETag(text(random, 40)),
                map(random, 5),
                map(random, 5),
                map(random, 10),
                map(random, 3),
                random.nextBoolean() ? "COMPOSITE" : null,
                parts,
                random.nextBoolean()
                        ? Instant.ofEpochSecond(random.nextLong(1L << 33), random.nextInt(1_000_000_000))
                        : null);
    }

    private static Map<String, String> map(Random random, int most) {
        Map<String, String> map = new HashMap<>();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            map.put(text(random, 20), text(random, 100));
        }
        return map;
    }

    private static String text(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            text.append(SNIPPETS[random.nextInt(SNIPPETS.length)]);
        }
        return text.toString();
    }
}
