package io.linchpin.store.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.layout.KeyCodec.Kind;
import io.linchpin.store.layout.KeyCodec.Segment;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCodecTest {
    private static final BucketName BUCKET = new BucketName("box");
    private static final String ODD = ".linchpin/odd/box/";

    private static ObjectId object(String key) {
        return new ObjectId(BUCKET, new ObjectKey(key));
    }

    private static String escaped(String key) {
        String path = KeyCodec.escaped(object(key)).toString();
        assertTrue(path.startsWith(ODD), path);
        String relative = path.substring(ODD.length());
        assertEquals(Optional.of(new ObjectKey(key)), KeyCodec.decodeEscaped(relative));
        return relative;
    }

    @Test
    void anOrdinaryKeyIsItsOwnPath() {
        KeyPath path = KeyCodec.natural(object("photos/2026/cat.jpg")).orElseThrow();
        assertEquals(new KeyPath(KeyPath.Form.NATURAL, "box/photos/2026", "cat.jpg"), path);
        assertEquals(
                new KeyPath(KeyPath.Form.NATURAL, "box", "a"),
                KeyCodec.natural(object("a")).orElseThrow());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "//",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "./a",
                "../a",
                "a/./b",
                "a/../b",
                "a/..",
                "a/.",
                ".linchpin",
                ".linchpin/x",
                ".linchpin-old",
                ".linchpinfoo/a"
            })
    void aKeyThatNoDirectoryCanHoldHasNoNaturalPath(String key) {
        assertEquals(Optional.empty(), KeyCodec.natural(object(key)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "...",
                ".a",
                "a.",
                "a/.linchpin",
                "a/.linchpin/b",
                "linchpin",
                " ",
                "\\",
                "a:b",
                "%2F",
                "\n",
                "d.a/f.b"
            })
    void aKeyOfOddNamesThatADirectoryCanHoldIsNatural(String key) {
        assertEquals("box/" + key, KeyCodec.natural(object(key)).orElseThrow().toString());
        escaped(key);
    }

    @Test
    void aSegmentOf255BytesIsNaturalAndOneOf256IsNot() {
        assertTrue(KeyCodec.natural(object("a/" + "x".repeat(255) + "/b")).isPresent());
        assertTrue(KeyCodec.natural(object("a/" + "x".repeat(256) + "/b")).isEmpty());
        assertTrue(KeyCodec.natural(object("é".repeat(127) + "x")).isPresent());
        assertTrue(KeyCodec.natural(object("é".repeat(128))).isEmpty());
        assertTrue(KeyCodec.natural(object("😀".repeat(63) + "abc")).isPresent());
        assertTrue(KeyCodec.natural(object("😀".repeat(64))).isEmpty());
        assertTrue(KeyCodec.natural(object("€".repeat(85))).isPresent());
        assertTrue(KeyCodec.natural(object("€".repeat(86))).isEmpty());
    }

    @ParameterizedTest
    @CsvSource({
        "a, f.a",
        "a/b, d.a/f.b",
        "a/, d.a/f.",
        "/, d./f.",
        "//, d./d./f.",
        "a//b, d.a/d./f.b",
        "., f..",
        ".., f...",
        "a/../b, d.a/d.../f.b",
        "./a, d../f.a",
        "50%, f.50%25",
        "%2F, f.%252F",
        "f.a, f.f.a",
        "d.a/f.b, d.d.a/f.f.b",
        ".linchpin/x, d..linchpin/f.x",
        "naïve/日本/😀, d.naïve/d.日本/f.😀",
    })
    void theEscapedFormOf(String key, String path) {
        assertEquals(path, escaped(key));
    }

    @Test
    void controlCharactersAreEscaped() {
        assertEquals("f.%01%0A%1F%7F\u0080", escaped("\u0001\n\u001f\u007f\u0080"));
    }

    @Test
    void composedAndDecomposedTextStayApart() {
        assertEquals("f.é", escaped("é"));
        assertEquals("f.e\u0301", escaped("e\u0301"));
    }

    @Test
    void aLongSegmentGoesOnBelowADirectory() {
        assertEquals("f." + "x".repeat(239), escaped("x".repeat(239)));
        assertEquals("c." + "x".repeat(240) + "/f.", escaped("x".repeat(240)));
        assertEquals(
                "c." + "x".repeat(240) + "/d.",
                KeyCodec.escaped(object("x".repeat(240) + "/a")).parent().substring(ODD.length()));
        assertEquals("c." + "x".repeat(240) + "/f.y", escaped("x".repeat(240) + "y"));
        assertEquals("c." + "x".repeat(239) + "😀/f.y", escaped("x".repeat(239) + "😀y"));
        assertEquals("c." + "x".repeat(239) + "%25/f.", escaped("x".repeat(239) + "%"));
    }

    @Test
    void theLongestKeysStayWithinOneSystemCall() {
        String[] longest = {
            "x".repeat(1024),
            "/".repeat(1024),
            "/".repeat(511),
            "\u0001".repeat(1024),
            "\u0001/".repeat(512),
            "%".repeat(1024),
            "😀".repeat(256),
            "é/".repeat(341),
        };
        BucketName bucket = new BucketName("b".repeat(63));
        for (String key : longest) {
            escaped(key);
            String path =
                    KeyCodec.escaped(new ObjectId(bucket, new ObjectKey(key))).toString();
            assertTrue(path.getBytes(StandardCharsets.UTF_8).length < 3300, key.substring(0, 2));
        }
    }

    @Test
    void aWalkGathersTheKeyNameByName() {
        assertEquals(Optional.of(new Segment(Kind.DIRECTORY, "a")), KeyCodec.decodeSegment("d.a"));
        assertEquals(Optional.of(new Segment(Kind.FILE, "")), KeyCodec.decodeSegment("f."));
        assertEquals("p/a/", new Segment(Kind.DIRECTORY, "a").under("p/"));
        assertEquals("p/a", new Segment(Kind.FILE, "a").under("p/"));
        assertEquals("p/a", new Segment(Kind.CONTINUATION, "a").under("p/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "f",
                "a",
                "x.a",
                "F.a",
                "f.%",
                "f.%2",
                "f.%2f",
                "f.%2F",
                "f.%41",
                "f.%00",
                "f.%zz",
                "f.%GG",
                "f.a\u0001",
                "f.\u007f",
                "c.short",
                "f%41",
                ".f",
                "f.%+1"
            })
    void aNameThatNoKeyHasIsRefused(String name) {
        assertEquals(Optional.empty(), KeyCodec.decodeSegment(name));
        assertEquals(Optional.empty(), KeyCodec.decodeEscaped(name));
    }

    @Test
    void aPathThatNoKeyHasIsRefused() {
        String full = "x".repeat(240);
        for (String path : new String[] {
            "f.",
            "d.a",
            "f.a/f.b",
            "d.a/",
            "d.a//f.b",
            "/f.a",
            "f." + full,
            "d." + full + "/f.a",
            "c." + full,
            "c." + full + "x/f.a",
            "c." + "x".repeat(239) + "/f.a",
            "d.a/".repeat(512) + "f.b"
        }) {
            assertEquals(Optional.empty(), KeyCodec.decodeEscaped(path), path);
        }
        assertTrue(KeyCodec.decodeEscaped("d.a/".repeat(511) + "f.b").isPresent());
    }

    @Test
    void aNameReservedAtTheTop() {
        assertTrue(KeyCodec.isReserved(".linchpin-anything"));
        assertFalse(KeyCodec.isReserved("x.linchpin"));
    }
}
