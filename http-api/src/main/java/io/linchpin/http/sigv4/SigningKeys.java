package io.linchpin.http.sigv4;

import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.spec.SecretKeySpec;

/** The signing keys of one region, derived once a key pair and day. Only keys of pairs that exist are kept. */
final class SigningKeys {
    /** More than key pairs in use × days that a presigned URL lives; beyond that all are derived anew. */
    private static final int MAX_ENTRIES = 8192;

    private final String region;
    private final ConcurrentHashMap<Day, Derived> cache = new ConcurrentHashMap<>();

    private record Day(String accessKeyId, String date) {}

    private record Derived(SecretKey secret, SecretKeySpec key) {}

    SigningKeys(String region) {
        this.region = region;
    }

    /** The key that signs on that day. A pair whose secret was changed gets a new one. */
    SecretKeySpec of(Credentials credentials, String date) {
        Day day = new Day(credentials.accessKeyId(), date);
        Derived known = cache.get(day);
        if (known != null && known.secret.isSameAs(credentials.secretKey())) {
            return known.key;
        }
        SecretKeySpec key = derive(credentials.secretKey(), date);
        if (cache.size() >= MAX_ENTRIES) {
            cache.clear();
        }
        cache.put(day, new Derived(credentials.secretKey(), key));
        return key;
    }

    private SecretKeySpec derive(SecretKey secret, String date) {
        byte[] ofDate = Sha256.hmac(Sha256.key(secret.derivationStart()), date);
        byte[] ofRegion = Sha256.hmac(Sha256.key(ofDate), region);
        byte[] ofService = Sha256.hmac(Sha256.key(ofRegion), "s3");
        return Sha256.key(Sha256.hmac(Sha256.key(ofService), "aws4_request"));
    }
}
