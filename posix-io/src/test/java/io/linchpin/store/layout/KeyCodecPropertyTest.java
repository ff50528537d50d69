package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.linchpin.store.layout.KeyCodec.Kind;
import io.linchpin.store.layout.KeyCodec.Segment;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Keys made of the pieces that go wrong, many thousands; the seed is printed. */
class KeyCodecPropertyTest {
    private static final BucketName BUCKET = new BucketName("box");
    private static final int ODD_LENGTH = Names.odd(BUCKET).length() + 1;
    private static final String[] PIECES = {
        "a",
        "b",
        "A",
        "/",
        "/",
        "/",
        "//",
        ".",
        "..",
        "%",
        "%2F",
        "%25",
        "f.",
        "d.",
        "c.",
        "é",
        "e\u0301",
        "日",
        "😀",
        "\n",
        "\u0001",
        "\u007f",
        " ",
        "!",
        "0",
        "~",
        "-",
        ".linchpin",
        "\uFFFD",
        "\uE000",
        "x".repeat(118),
        "x".repeat(239),
        "%".repeat(80),
        "é".repeat(120),
        "😀".repeat(60),
        "x".repeat(255)
    };

    private long seed;
    private Random random = new Random(0);

    @BeforeEach
    void seed() {
        seed = Long.getLong("linchpin.seed", System.nanoTime());
        random = new Random(seed);
        System.out.println("KeyCodecPropertyTest: -Dlinchpin.seed=" + seed);
    }

    private ObjectKey key() {
        while (true) {
            StringBuilder text = new StringBuilder();
            int pieces = 1 + random.nextInt(random.nextInt(10) == 0 ? 60 : 8);
            for (int i = 0; i < pieces; i++) {
                text.append(PIECES[random.nextInt(PIECES.length)]);
            }
            Optional<ObjectKey> key = ObjectKey.parse(text.toString());
            if (key.isPresent()) {
                return key.get();
            }
        }
    }

    @Test
    void everyKeyHasAnEscapedPathOfItsOwnAndComesBack() {
        Map<String, ObjectKey> paths = new HashMap<>();
        for (int i = 0; i < 20_000; i++) {
            ObjectKey key = key();
            String path = KeyCodec.escaped(new ObjectId(BUCKET, key)).toString();
            for (String name : path.split("/", -1)) {
                int bytes = name.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(bytes > 0 && bytes <= KeyCodec.MAX_NAME_BYTES, path);
                assertTrue(!name.equals(".") && !name.equals(".."), path);
            }
            assertTrue(path.getBytes(StandardCharsets.UTF_8).length < 4096 - 256, path);
            assertEquals(Optional.of(key), KeyCodec.decodeEscaped(path.substring(ODD_LENGTH)));
            ObjectKey before = paths.put(path, key);
            assertTrue(before == null || before.equals(key), path);
        }
    }

    @Test
    void noKeysFileIsOnTheWayToAnother() {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            paths.add(KeyCodec.escaped(new ObjectId(BUCKET, key())).toString());
        }
        Set<String> files = new HashSet<>(paths);
        for (String path : paths) {
            for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
                assertTrue(!files.contains(path.substring(0, slash)), path);
            }
        }
    }

    @Test
    void sortingTheNamesOfADirectorySortsTheKeysBelowThem() {
        List<ObjectKey> keys = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            keys.add(key());
        }
        keys.sort(null);
        List<List<String>> previous = new ArrayList<>();
        for (ObjectKey key : keys) {
            List<String> prefixes = prefixes(key);
            if (!previous.isEmpty()) {
                assertInOrder(previous.getLast(), prefixes);
            }
            previous.add(prefixes);
        }
    }

    /** What each name on the way to a key stands for, from the top. */
    private static List<String> prefixes(ObjectKey key) {
        List<String> prefixes = new ArrayList<>();
        String prefix = "";
        String path = KeyCodec.escaped(new ObjectId(BUCKET, key)).toString().substring(ODD_LENGTH);
        for (String name : path.split("/", -1)) {
            Segment segment = KeyCodec.decodeSegment(name).orElseThrow();
            prefix = segment.under(prefix);
            prefixes.add((segment.kind() == Kind.FILE ? "f" : "d") + prefix);
        }
        return prefixes;
    }

    private static void assertInOrder(List<String> a, List<String> b) {
        for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
            if (!a.get(i).equals(b.get(i))) {
                int order =
                        ObjectKey.compareUtf8(a.get(i).substring(1), b.get(i).substring(1));
                assertTrue(order < 0 || (order == 0 && a.get(i).charAt(0) == 'f'), () -> a + " before " + b);
                return;
            }
        }
        if (!a.equals(b)) {
            fail(a + " and " + b);
        }
    }

    @Test
    void aNaturalPathIsTheKeyItself() {
        int natural = 0;
        for (int i = 0; i < 20_000; i++) {
            ObjectKey key = key();
            Optional<KeyPath> path = KeyCodec.natural(new ObjectId(BUCKET, key));
            boolean nameable = !key.value().startsWith(".linchpin");
            for (String name : key.value().split("/", -1)) {
                int bytes = name.getBytes(StandardCharsets.UTF_8).length;
                nameable &= bytes > 0 && bytes <= 255 && !name.equals(".") && !name.equals("..");
            }
            assertEquals(nameable, path.isPresent(), key::value);
            if (path.isPresent()) {
                natural++;
                assertEquals("box/" + key, path.get().toString());
            }
        }
        assertTrue(natural > 1_000);
    }

    @Test
    void whatDecodesIsTheOnePathOfItsKey() {
        int decoded = 0;
        for (int i = 0; i < 50_000; i++) {
            StringBuilder path = new StringBuilder();
            int names = 1 + random.nextInt(3);
            for (int n = 0; n < names; n++) {
                String tag = random.nextInt(20) == 0 ? "c." : n < names - 1 ? "d." : "f.";
                path.append(n == 0 ? "" : "/").append(tag).append(PIECES[random.nextInt(PIECES.length)]);
            }
            Optional<ObjectKey> key = KeyCodec.decodeEscaped(path.toString());
            if (key.isPresent()) {
                decoded++;
                String back = KeyCodec.escaped(new ObjectId(BUCKET, key.get())).toString();
                assertEquals(path.toString(), back.substring(ODD_LENGTH));
            }
        }
        assertTrue(decoded > 1_000);
    }
}
