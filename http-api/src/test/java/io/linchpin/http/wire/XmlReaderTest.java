package io.linchpin.http.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a hostile document may try. */
class XmlReaderTest {
    private static XmlElement read(byte[] body) {
        return XmlReader.read(body, "A", 10_000, 100);
    }

    private static XmlElement read(String body) {
        return read(body.getBytes(StandardCharsets.UTF_8));
    }

    private static void assertRefused(ErrorCode code, byte[] body) {
        S3Exception e = assertThrows(S3Exception.class, () -> read(body));
        assertEquals(code, e.failure().code());
    }

    private static void assertMalformed(String body) {
        assertRefused(ErrorCode.MalformedXML, body.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void textsAreKeptAsTheyStand() {
        XmlElement a = read("<?xml version='1.0' encoding='utf-8'?><!-- c --><x:A xmlns:x='any'><B> a&amp;&#x42;"
                + "<![CDATA[<c>]]>\u00fc\ud83d\ude00 </B><C/></x:A>");
        assertEquals(" a&B<c>\u00fc\ud83d\ude00 ", a.required("B"));
        assertEquals("", a.required("C"));
        assertEquals(
                List.of("B", "C"), a.children().stream().map(XmlElement::name).toList());
        assertEquals("A", read("\uFEFF<A/>").name());
    }

    @Test
    void billionLaughs() {
        StringBuilder doc = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE A [<!ENTITY a0 \"ha\">");
        for (int i = 1; i < 30; i++) {
            doc.append("<!ENTITY a")
                    .append(i)
                    .append(" \"&a")
                    .append(i - 1)
                    .append(";&a")
                    .append(i - 1)
                    .append(";\">");
        }
        assertMalformed(doc.append("]><A>&a29;</A>").toString());
    }

    @Test
    void quadraticBlowUp() {
        assertMalformed("<!DOCTYPE A [<!ENTITY a \"" + "a".repeat(2000) + "\">]><A>" + "&a;".repeat(2000) + "</A>");
    }

    @Test
    void anExternalEntityIsNotFetched(@TempDir Path dir) throws Exception {
        Path secret = Files.writeString(dir.resolve("secret"), "secret");
        assertMalformed("<!DOCTYPE A [<!ENTITY x SYSTEM \"" + secret.toUri() + "\">]><A>&x;</A>");
        assertMalformed("<!DOCTYPE A SYSTEM \"" + secret.toUri() + "\"><A/>");
        assertMalformed("<!DOCTYPE A [<!ENTITY % x SYSTEM \"" + secret.toUri() + "\">%x;]><A/>");
        assertMalformed("<A>&undefined;</A>");
    }

    @Test
    void anyEncodingButUtf8() {
        String doc = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><A/>";
        assertMalformed(doc);
        for (String charset : List.of("UTF-16", "UTF-16LE", "UTF-16BE", "UTF-32")) {
            assertRefused(ErrorCode.MalformedXML, doc.getBytes(Charset.forName(charset)));
        }
        assertMalformed("<?xml version=\"1.0\" encoding=\"UTF-7\"?><A>+ADw-!DOCTYPE+AD4-</A>");
        assertMalformed("<?xml version=\"1.0\" encoding=\"IBM037\"?><A/>");
        assertMalformed("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><A/>");
        assertRefused(ErrorCode.MalformedXML, "<A>\u00fc</A>".getBytes(StandardCharsets.ISO_8859_1));
        assertRefused(ErrorCode.MalformedXML, new byte[] {'<', 'A', '>', (byte) 0xC0, (byte) 0xAF, '<', '/', 'A', '>'});
    }

    @Test
    void tooLargeTooDeepOrTooManyElements() {
        assertRefused(
                ErrorCode.MaxMessageLengthExceeded,
                ("<A>" + " ".repeat(10_000) + "</A>").getBytes(StandardCharsets.UTF_8));
        assertEquals("A", read(nested(16)).name());
        assertMalformed(nested(17));
        assertEquals(99, read("<A>" + "<B/>".repeat(99) + "</A>").children().size());
        assertMalformed("<A>" + "<B/>".repeat(100) + "</A>");
    }

    private static String nested(int depth) {
        return "<A>".repeat(depth) + "</A>".repeat(depth);
    }

    @Test
    void whatIsNotADocument() {
        for (String bad : List.of(
                "",
                " ",
                "A",
                "<A>",
                "<A></B>",
                "<A/><A/>",
                "<A/>x",
                "<B/>",
                "<A>\0</A>",
                "<A>&#0;</A>",
                "<A>&#x1;</A>",
                "<A b=1/>")) {
            assertMalformed(bad);
        }
    }
}
