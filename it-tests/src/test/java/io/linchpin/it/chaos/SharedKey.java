package io.linchpin.it.chaos;

import io.linchpin.it.harness.Http;
import io.linchpin.it.harness.Upload;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * A key that many write at once, and what may be found under it: an upload after whose answer no other mutation was sent and
 * acknowledged, or one whose outcome is unknown. Never one that was refused, never parts of two.
 */
final class SharedKey {
    private final String target;
    private final Set<Long> sent = ConcurrentHashMap.newKeySet();
    private final Set<Long> refused = ConcurrentHashMap.newKeySet();
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();
    /** When the answers of acknowledged uploads came. */
    private final Map<Long, Long> answered = new ConcurrentHashMap<>();
    /** When the last acknowledged mutation was sent; {@link Long#MIN_VALUE} before the first. */
    private final AtomicLong lastSent = new AtomicLong(Long.MIN_VALUE);

    private final AtomicInteger openDeletes = new AtomicInteger();
    private final AtomicLong lastDeleteAnswered = new AtomicLong(Long.MIN_VALUE);

    SharedKey(String target) {
        this.target = target;
    }

    String target() {
        return target;
    }

    /** Puts an upload whose number was never used under this key. */
    Learned put(Http http, Upload upload) {
        sent.add(upload.number());
        long from = System.nanoTime();
        Learned learned = Learned.of(200, () -> http.put(target, upload.body(), upload.headers()));
        if (learned instanceof Learned.Accepted(Http.Answer answer)) {
            if (!answer.etag().equals(Upload.md5(upload.body()))) {
                throw new AssertionError("another ETag than that of " + upload + ": " + answer);
            }
            answered.put(upload.number(), System.nanoTime());
            lastSent.accumulateAndGet(from, Math::max);
        } else if (learned instanceof Learned.Refused) {
            refused.add(upload.number());
            if (seen.contains(upload.number())) {
                throw new AssertionError(target + ": " + upload + " was refused, and had been read");
            }
        }
        return learned;
    }

    Learned delete(Http http) {
        openDeletes.incrementAndGet();
        long from = System.nanoTime();
        Learned learned = Learned.of(204, () -> http.send("DELETE", target));
        if (learned instanceof Learned.Accepted) {
            lastDeleteAnswered.accumulateAndGet(System.nanoTime(), Math::max);
            lastSent.accumulateAndGet(from, Math::max);
        }
        if (!(learned instanceof Learned.Unknown)) {
            openDeletes.decrementAndGet();
        }
        return learned;
    }

    /** Reads, and fails where what is found may not be. */
    void read(Supplier<Http.Answer> get) {
        long floor = lastSent.get();
        Http.Answer answer = get.get();
        switch (answer.status()) {
            case 200 -> found(Upload.of(answer), floor);
            case 404 -> absent(floor);
            default -> throw new AssertionError("neither 200 nor 404: " + answer);
        }
    }

    private void found(Upload upload, long floor) {
        long number = upload.number();
        seen.add(number);
        Long at = answered.get(number);
        if (!sent.contains(number) || refused.contains(number)) {
            throw new AssertionError(target + " holds " + upload + ", which was refused or never sent");
        }
        if (at != null && at < floor) {
            throw new AssertionError(target + " holds " + upload + ", answered " + (floor - at)
                    + " ns before another mutation was sent that was acknowledged before this read");
        }
    }

    private void absent(long floor) {
        boolean deleting = openDeletes.get() > 0;
        if (floor != Long.MIN_VALUE && !deleting && lastDeleteAnswered.get() < floor) {
            throw new AssertionError(
                    target + " is gone, though an upload was acknowledged and nobody deleted it since");
        }
    }
}
