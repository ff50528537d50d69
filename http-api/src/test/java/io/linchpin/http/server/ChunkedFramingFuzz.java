package io.linchpin.http.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Chunked bodies: where a body ends and what is in it is what another reader says, by regular expressions. */
public final class ChunkedFramingFuzz implements FuzzTarget {
    private static final Pattern SIZE = Pattern.compile("([0-9a-fA-F]{1,8})\r\n");

    @Override
    public List<byte[]> seeds() {
        return Stream.of("3\r\nabc\r\n0\r\n\r\n", "0\r\n\r\nGET /", "00A\r\n0123456789\r\n1\r\n\r\r\n0\r\n\r\n", "fF")
                .map(body -> body.getBytes(StandardCharsets.ISO_8859_1))
                .toList();
    }

    @Override
    public boolean run(byte[] input) {
        String said = framing(input);
        assertEquals(reference(new String(input, StandardCharsets.ISO_8859_1)), said);
        return said.startsWith("done");
    }

    private static String framing(byte[] input) {
        ChunkedFraming framing = new ChunkedFraming();
        StringBuilder data = new StringBuilder();
        int at = 0;
        try {
            while (!framing.isDone() && at < input.length) {
                int n = (int) Math.min(framing.dataBytes(), input.length - at);
                if (n > 0) {
                    data.append(new String(input, at, n, StandardCharsets.ISO_8859_1));
                    framing.took(n);
                    at += n;
                } else {
                    framing.framing(input[at++]);
                }
            }
        } catch (ChunkedFraming.BrokenFramingException e) {
            return "broken";
        }
        return (framing.isDone() ? "done at " + at : "unfinished") + ": " + data;
    }

    private static String reference(String input) {
        StringBuilder data = new StringBuilder();
        int at = 0;
        while (true) {
            Matcher size = SIZE.matcher(input).region(at, input.length());
            if (!size.lookingAt()) {
                return (isBegunSize(input.substring(at)) ? "unfinished: " + data : "broken");
            }
            long n = Long.parseLong(size.group(1), 16);
            at = size.end();
            if (n == 0) {
                return end(input, at, data, "done at " + (at + 2) + ": " + data);
            }
            if (input.length() - at < n) {
                return "unfinished: " + data + input.substring(at);
            }
            data.append(input, at, at + (int) n);
            at += (int) n;
            String ended = end(input, at, data, "");
            if (!ended.isEmpty()) {
                return ended;
            }
            at += 2;
        }
    }

    private static boolean isBegunSize(String rest) {
        return rest.matches("([0-9a-fA-F]{0,8}|[0-9a-fA-F]{1,8}\r)");
    }

    /** What follows a chunk's data, or the last size: a line end, or the beginning of one. */
    private static String end(String input, int at, StringBuilder data, String whenThere) {
        String line = input.substring(at, Math.min(at + 2, input.length()));
        if (line.equals("\r\n")) {
            return whenThere;
        }
        return "\r\n".startsWith(line) ? "unfinished: " + data : "broken";
    }
}
