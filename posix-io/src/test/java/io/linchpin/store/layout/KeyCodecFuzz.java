package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Lines of text, each taken as a key and as an escaped path: a key's path leads back to it; a path that is accepted is
 * that key's own; of two keys neither has the other's path, nor a path through the other's file.
 */
public final class KeyCodecFuzz implements FuzzTarget {
    private static final BucketName BUCKET = new BucketName("bucket");
    private static final String TOP = Names.odd(BUCKET) + "/";

    @Override
    public List<byte[]> seeds() {
        return Stream.of(
                        "a/b\na",
                        "a//b\n/\n..\n.",
                        "d.a/d./f.b\nf.a\nf...\nf.50%25",
                        "c." + "x".repeat(240) + "/f.",
                        "x".repeat(240) + "/" + "%".repeat(100) + "\n" + "é".repeat(300),
                        ".linchpin/x\n\u0001\u007f%\n😀".repeat(3),
                        "😀".repeat(61) + "\nc." + "😀".repeat(60) + "/f.😀")
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .toList();
    }

    @Override
    public boolean run(byte[] input) {
        String text = new String(input, StandardCharsets.UTF_8);
        List<ObjectKey> keys = new ArrayList<>();
        List<String> paths = new ArrayList<>();
        boolean decoded = false;
        for (String line : text.split("\n", 8)) {
            Optional<ObjectKey> key = KeyCodec.decodeEscaped(line);
            key.ifPresent(k -> assertEquals(line, escaped(k)));
            decoded |= key.isPresent();
            Optional<ObjectKey> asKey = ObjectKey.parse(line).filter(k -> !keys.contains(k));
            if (asKey.isPresent()) {
                keys.add(asKey.get());
                paths.add(escaped(asKey.get()) + "/");
                checkPaths(asKey.get());
            }
        }
        for (int a = 0; a < keys.size(); a++) {
            for (int b = 0; b < keys.size(); b++) {
                assertFalse(a != b && paths.get(b).startsWith(paths.get(a)), "one key's file on the way to another's");
            }
        }
        return decoded || !keys.isEmpty();
    }

    private static String escaped(ObjectKey key) {
        String path = KeyCodec.escaped(new ObjectId(BUCKET, key)).toString();
        assertTrue(path.startsWith(TOP), path);
        return path.substring(TOP.length());
    }

    private static void checkPaths(ObjectKey key) {
        String path = escaped(key);
        assertEquals(Optional.of(key), KeyCodec.decodeEscaped(path));
        for (String name : path.split("/", -1)) {
            int bytes = name.getBytes(StandardCharsets.UTF_8).length;
            assertTrue(bytes <= KeyCodec.MAX_NAME_BYTES && name.length() >= 2 && name.indexOf('\0') < 0, name);
        }
        assertTrue(path.getBytes(StandardCharsets.UTF_8).length < 3300, path);
        KeyCodec.natural(new ObjectId(BUCKET, key)).ifPresent(natural -> {
            assertEquals("bucket/" + key, natural.toString());
            assertFalse(key.value().startsWith(".linchpin"));
            for (String name : key.value().split("/", -1)) {
                int bytes = name.getBytes(StandardCharsets.UTF_8).length;
                assertTrue(bytes > 0 && bytes <= 255 && !name.equals(".") && !name.equals(".."), name);
            }
        });
    }
}
