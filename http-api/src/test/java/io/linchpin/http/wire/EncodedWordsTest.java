package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts beyond ASCII, as headers bring them. */
class EncodedWordsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"", "plain", "a  b\tc", "=", "=?", "a?=b", "=?UTF-8?B?%?=", "=?none?Q?a?=", "x=?UTF-8?Q?a?="})
    void printableAsciiThatIsNoWordStaysAsItIs(String text) {
        assertEquals(text, EncodedWords.encode(text));
        assertEquals(text, EncodedWords.decode(text));
    }

    @ParameterizedTest
    @CsvSource({
        "ü,=?UTF-8?B?w7w=?=",
        "Miniö,=?UTF-8?Q?Mini=C3=B6?=",
        "a_=? é,=?UTF-8?Q?a=5F=3D=3F_=C3=A9?=",
        "日本,=?UTF-8?B?5pel5pys?=",
        "=?UTF-8?Q?a?=,=?UTF-8?Q?=3D=3FUTF-8=3FQ=3Fa=3F=3D?="
    })
    void whatAHeaderCannotCarryIsQuotedWhereItIsMostlyAsciiElseBase64(String text, String encoded) {
        assertEquals(encoded, EncodedWords.encode(text));
        assertEquals(text, EncodedWords.decode(encoded));
    }

    @Test
    void spaceAtTheEndsAndLineBreaksSurvive() {
        assertEquals("=?UTF-8?Q?_a?=", EncodedWords.encode(" a"));
        assertEquals("=?UTF-8?Q?a_line=0D=0Ab?=", EncodedWords.encode("a line\r\nb"));
    }

    @ParameterizedTest
    @CsvSource({
        "=?utf-8?b?w7w=?=,ü",
        "=?utf-8?b?w7w?=,ü",
        "=?ISO-8859-1?q?=fc_x?=,ü x",
        "a =?UTF-8?B?w7w=?=  b,a ü  b",
        "=?UTF-8?B?w7w=?=   =?UTF-8?B?w7w=?=,üü",
        "=?UTF-8?Q?plain?=,plain"
    })
    void anyWellFormedWordIsRead(String value, String text) {
        assertEquals(text, EncodedWords.decode(value));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "=?UTF-8?B?/w==?=",
                "=?UTF-8?B?w7w=w?=",
                "=?UTF-8?Q?=C?=",
                "=?UTF-8?Q?=zz?=",
                "=?UTF-8?X?a?=",
                "=??Q?a?=",
                "=?a b?Q?a?=",
                "=?;?Q?a?="
            })
    void aMalformedWordStaysAsItCame(String value) {
        assertEquals(value, EncodedWords.decode(value));
    }

    @Test
    void whateverIsEncodedIsPrintableAndDecodedAgain() {
        long seed = 20_470;
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            int foreign = random.nextInt(3);
            for (int n = random.nextInt(80); n > 0; n--) {
                text.appendCodePoint(
                        random.nextInt(3) < foreign
                                ? 0x80 + random.nextInt(0x500) * (1 + random.nextInt(90))
                                : "abc =?_\t\r".charAt(random.nextInt(9)));
            }
            String sent = text.toString().replaceAll("[\\ud800-\\udfff]", "x");
            String encoded = EncodedWords.encode(sent);
            assertEquals(sent, EncodedWords.decode(encoded), () -> "seed " + seed);
            assertTrue(encoded.chars().allMatch(c -> c == '\t' || (c >= 0x20 && c < 0x7F)), encoded);
            if (!encoded.equals(sent)) {
                for (String word : encoded.split(" ", -1)) {
                    assertTrue(word.length() <= 75, word);
                }
            }
        }
    }
}
