package io.linchpin.http.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A look into the documents of answers. */
public final class Xml {
    private Xml() {}

    /** The text of the first element of that name; empty where there is none. */
    public static String element(String xml, String name) {
        Matcher m = Pattern.compile("<" + name + ">([^<]*)</" + name + ">").matcher(xml);
        return m.find() ? m.group(1) : "";
    }

    /** Of an error: its status and its code. */
    public static void assertRefused(int status, String code, HttpResponse<String> answer) {
        assertEquals(status + " " + code, answer.statusCode() + " " + element(answer.body(), "Code"), answer.body());
    }
}
