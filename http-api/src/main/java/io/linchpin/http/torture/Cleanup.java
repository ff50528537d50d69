package io.linchpin.http.torture;

import io.linchpin.http.torture.s3.Answer;
import io.linchpin.http.torture.s3.Bucket;
import java.util.List;
import java.util.Optional;

/** Removes the run's bucket with all that is in it. */
final class Cleanup {
    /** An endpoint that is torn may list what it has not, or not what it has. */
    private static final int ROUNDS = 20;

    private Cleanup() {}

    /** Where it could not be removed: what the endpoint said. */
    static Optional<String> remove(Bucket bucket) throws InterruptedException {
        Answer answer = bucket.remove();
        for (int round = 0; round < ROUNDS && !answer.isSuccess() && answer.status() != 404; round++) {
            List<String> uploads = bucket.uploadsInProgress();
            for (int i = 0; i < uploads.size(); i += 2) {
                bucket.abort(uploads.get(i), uploads.get(i + 1));
            }
            for (String key : Bucket.keys(bucket.list(""))) {
                bucket.delete(key);
            }
            answer = bucket.remove();
        }
        return answer.isSuccess() || answer.status() == 404 ? Optional.empty() : Optional.of(answer.words());
    }
}
