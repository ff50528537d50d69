package io.linchpin.http.operation;

import io.linchpin.cluster.api.Gateway;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Owner;
import io.linchpin.http.wire.S3Failure;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.listing.ObjectListing;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.staging.Staging;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What operations work with.
 *
 * @param gateway the way to the owners
 * @param bootNanos CLOCK_BOOTTIME
 * @param uploadIds never the same one twice
 */
public record Store(
        Gateway gateway,
        ObjectReader reader,
        ObjectListing listing,
        BucketStates buckets,
        Staging staging,
        Clock clock,
        LongSupplier bootNanos,
        Supplier<UploadId> uploadIds,
        Settings settings) {
    /**
     * What a deployment may set.
     *
     * @param maxPutBytes the greatest object of one PUT, and the greatest part
     * @param mutationDeadline how long a mutation may wait to be judged
     */
    public record Settings(String region, long maxPutBytes, Duration mutationDeadline, Owner owner) {}

    /**
     * The bucket as it is now.
     *
     * @throws io.linchpin.http.wire.S3Exception NoSuchBucket, where it is being deleted as well
     */
    public BucketState bucket(BucketName name) throws IOException {
        BucketState state = buckets.read(name).orElse(null);
        if (state == null || state.status() != BucketState.Status.OPEN) {
            throw S3Failure.of(ErrorCode.NoSuchBucket)
                    .with("BucketName", name.value())
                    .exception();
        }
        return state;
    }

    /** Until when a mutation that begins now may be judged. */
    public long deadlineBootNanos() {
        return bootNanos.getAsLong() + settings.mutationDeadline().toNanos();
    }
}
