package io.linchpin.it.load;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Addresses that carry their signature: Gatling then sends what it likes otherwise. */
final class Presigner {
    static final URI ENDPOINT = URI.create(System.getProperty("linchpin.endpoint", "http://127.0.0.1:9000"));
    private static final String ACCESS_KEY = either("LINCHPIN_ACCESS_KEY", "AWS_ACCESS_KEY_ID");
    private static final String SECRET_KEY = either("LINCHPIN_SECRET_KEY", "AWS_SECRET_ACCESS_KEY");
    private static final DateTimeFormatter AMZ =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Presigner() {}

    private static String either(String first, String second) {
        String value = System.getenv(first);
        String other = System.getenv(second);
        return value != null ? value : other != null ? other : "";
    }

    /**
     * Signs for an hour.
     *
     * @param target path, and the operation's own query where it has one, as {@code name=value} pairs
     * @param headers names in lower case and values that will be sent and must not be changed
     */
    static String url(String method, String target, String... headers) {
        String date = AMZ.format(Instant.now());
        String scope = date.substring(0, 8) + "/us-east-1/s3/aws4_request";
        TreeMap<String, String> signed = new TreeMap<>();
        signed.put("host", ENDPOINT.getAuthority());
        for (int i = 0; i < headers.length; i += 2) {
            signed.put(headers[i], headers[i + 1]);
        }
        String names = String.join(";", signed.keySet());
        TreeMap<String, String> query = new TreeMap<>();
        int question = target.indexOf('?');
        String path = question < 0 ? target : target.substring(0, question);
        if (question >= 0) {
            for (String pair : target.substring(question + 1).split("&", -1)) {
                int equals = pair.indexOf('=');
                query.put(equals < 0 ? pair : pair.substring(0, equals), equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        query.put("X-Amz-Algorithm", "AWS4-HMAC-SHA256");
        query.put("X-Amz-Credential", (ACCESS_KEY + "/" + scope).replace("/", "%2F"));
        query.put("X-Amz-Date", date);
        query.put("X-Amz-Expires", "3600");
        query.put("X-Amz-SignedHeaders", names.replace(";", "%3B"));
        StringBuilder text = new StringBuilder();
        query.forEach((name, value) ->
                text.append(text.isEmpty() ? "" : "&").append(name).append('=').append(value));
        StringBuilder canonical = new StringBuilder(method + "\n" + path + "\n" + text + "\n");
        signed.forEach((name, value) ->
                canonical.append(name).append(':').append(value).append('\n'));
        canonical.append('\n').append(names).append("\nUNSIGNED-PAYLOAD");
        return ENDPOINT + path + "?" + text + "&X-Amz-Signature=" + signature(date, scope, canonical.toString());
    }

    private static String signature(String date, String scope, String canonical) {
        try {
            String hash = HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(utf8(canonical)));
            byte[] key = utf8("AWS4" + SECRET_KEY);
            for (String step : scope.split("/", -1)) {
                key = hmac(key, step);
            }
            return HexFormat.of().formatHex(hmac(key, "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + hash));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(utf8(text));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
