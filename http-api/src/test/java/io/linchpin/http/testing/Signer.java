package io.linchpin.http.testing;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** A SigV4 signer of a client's own, which shares no code with the verifier. */
public final class Signer {
    public static final String ACCESS_KEY = "LPTESTACCESSKEY";
    public static final String SECRET_KEY = "test-secret-key-of-nobody";
    private static final DateTimeFormatter AMZ =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Signer() {}

    /**
     * The headers to send, signed.
     *
     * @param target path and query, encoded
     * @param payload what goes into x-amz-content-sha256
     */
    public static SequencedMap<String, String> sign(
            String method, String target, String host, Map<String, String> headers, String payload) {
        String date = AMZ.format(Instant.now());
        TreeMap<String, String> all = new TreeMap<>();
        headers.forEach((k, v) -> all.put(k.toLowerCase(Locale.ROOT), v.strip()));
        all.put("host", host);
        all.put("x-amz-date", date);
        all.put("x-amz-content-sha256", payload);
        StringBuilder canonical = new StringBuilder(method).append('\n');
        int question = target.indexOf('?');
        canonical.append(question < 0 ? target : target.substring(0, question)).append('\n');
        canonical
                .append(question < 0 ? "" : query(target.substring(question + 1)))
                .append('\n');
        all.forEach((k, v) -> canonical.append(k).append(':').append(v).append('\n'));
        String signed = String.join(";", all.keySet());
        canonical.append('\n').append(signed).append('\n').append(payload);
        String scope = date.substring(0, 8) + "/us-east-1/s3/aws4_request";
        all.put(
                "authorization",
                "AWS4-HMAC-SHA256 Credential=" + ACCESS_KEY + "/" + scope + ", SignedHeaders=" + signed + ", Signature="
                        + signature(date, scope, canonical.toString()));
        return all;
    }

    /**
     * A target with a presigned query, good for a minute.
     *
     * @param more further parameters, encoded
     */
    public static String presign(String method, String path, String host, String... more) {
        String date = AMZ.format(Instant.now());
        String scope = date.substring(0, 8) + "/us-east-1/s3/aws4_request";
        String query = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + ACCESS_KEY + "/" + scope + "&X-Amz-Date="
                + date + "&X-Amz-Expires=60&X-Amz-SignedHeaders=host";
        query = query.replace("/", "%2F");
        for (String parameter : more) {
            query += "&" + parameter;
        }
        String canonical = method + "\n" + path + "\n" + query(query) + "\nhost:" + host + "\n\nhost\nUNSIGNED-PAYLOAD";
        return path + "?" + query + "&X-Amz-Signature=" + signature(date, scope, canonical);
    }

    private static String signature(String date, String scope, String canonical) {
        String toSign = "AWS4-HMAC-SHA256\n" + date + "\n" + scope + "\n" + sha256(utf8(canonical));
        byte[] key = utf8("AWS4" + SECRET_KEY);
        for (String step : scope.split("/", -1)) {
            key = hmac(key, step);
        }
        return HexFormat.of().formatHex(hmac(key, toSign));
    }

    private static String query(String raw) {
        String[] parts = raw.split("&", -1);
        for (int i = 0; i < parts.length; i++) {
            if (parts[i].indexOf('=') < 0) {
                parts[i] += "=";
            }
        }
        Arrays.sort(parts);
        return String.join("&", parts);
    }

    /** In hex. */
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(utf8(text));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
