package io.linchpin.http.operation;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Numbers;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.listing.Bound;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What the listings share: limits, the kind of encoding, and tokens, which say where the next page begins and no more. */
final class Paging {
    private static final char WHOLE = 'p';
    private static final char KEY = 'k';

    private Paging() {}

    /**
     * A limit on the entries of a page; more than the most is the most, as S3 does, up to 2,147,483,647.
     *
     * @throws S3Exception InvalidArgument
     */
    static int limit(Exchange exchange, String parameter, int least, int most) {
        return limit(parameter, exchange.parameter(parameter).filter(t -> !t.isEmpty()), least, most);
    }

    /** The same of a limit that came as a header. */
    static int limit(String name, Optional<String> text, int least, int most) {
        return Math.min(integer(name, text, least, Integer.MAX_VALUE).orElse(most), most);
    }

    /**
     * A limit that must not be more than the most.
     *
     * @throws S3Exception InvalidArgument
     */
    static int within(Exchange exchange, String parameter, int least, int most) {
        return integer(parameter, exchange.parameter(parameter).filter(t -> !t.isEmpty()), least, most)
                .orElse(most);
    }

    private static Optional<Integer> integer(String name, Optional<String> text, int least, int most) {
        return text.map(t -> {
            boolean negative = t.startsWith("-");
            long n = Numbers.nonNegative(negative ? t.substring(1) : t);
            if (n < 0 || (n > Integer.MAX_VALUE && most == Integer.MAX_VALUE)) {
                throw argument(name, t, "Provided " + name + " not an integer or within integer range");
            }
            if (negative || n < least || n > most) {
                throw argument(name, t, "Argument " + name + " must be an integer between " + least + " and " + most);
            }
            return (int) n;
        });
    }

    /** @throws S3Exception InvalidArgument where it is neither absent nor {@code url} */
    static boolean encodesUrl(Exchange exchange) {
        Optional<String> type = exchange.parameter("encoding-type").filter(t -> !t.isEmpty());
        if (type.isPresent() && !type.get().equals("url")) {
            throw argument("encoding-type", type.get(), "Invalid Encoding Method specified in Request");
        }
        return type.isPresent();
    }

    static String token(String last) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(last.getBytes(StandardCharsets.UTF_8));
    }

    static String openToken(Optional<String> token) {
        if (token.isEmpty()) {
            return "";
        }
        try {
            return new String(Base64.getUrlDecoder().decode(token.get()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException notOurs) {
            throw argument("continuation-token", token.get(), "The continuation token provided is incorrect");
        }
    }

    static String token(Bound bound) {
        return token((bound.wholePrefix() ? WHOLE : KEY) + bound.text());
    }

    static Bound openBound(String token) {
        String text = openToken(Optional.of(token));
        if (text.isEmpty() || (text.charAt(0) != WHOLE && text.charAt(0) != KEY)) {
            throw argument("continuation-token", token, "The continuation token provided is incorrect");
        }
        String rest = text.substring(1);
        return text.charAt(0) == WHOLE ? Bound.afterPrefix(rest) : Bound.after(rest);
    }

    static S3Exception argument(String name, String value, String message) {
        return S3Failure.of(ErrorCode.InvalidArgument, message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value)
                .exception();
    }
}
