package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseRendererTest {
    @ParameterizedTest
    @ValueSource(
            strings = {"text/html\r\nSet-Cookie: x=1", "text/a\nb", "text/a\rb", "text/a\u0000", "text/a\u010D\u010Ab"})
    void aTypeThatWouldNotBeOneLineIsNone(String text) {
        assertEquals(
                "application/octet-stream",
                ResponseRenderer.contentType(text).mediaType().toString());
    }

    @ParameterizedTest
    @CsvSource({"Text/HTML;charset=utf-8", "multipart/form-data", "a/\u00c4\u008d"})
    void anyOtherStandsAsItIs(String text) {
        String shown = ResponseRenderer.contentType(text).mediaType().toString();
        assertEquals(text.replace("multipart", "Multipart"), shown);
    }
}
