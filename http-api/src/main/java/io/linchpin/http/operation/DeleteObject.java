package io.linchpin.http.operation;

import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.commit.Mutation;
import io.linchpin.store.commit.Outcome;
import io.linchpin.store.commit.Preconditions;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** DeleteObject: 204 whether or not there was one, but where its entity tag was asked for. */
public final class DeleteObject implements Operation {
    private final Store store;

    public DeleteObject(Store store) {
        this.store = store;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        ObjectId object = exchange.object();
        BucketState bucket = store.bucket(object.bucket());
        Preconditions conditions = WriteConditions.ofDelete(exchange);
        return delete(store, bucket, object, conditions).thenApply(outcome -> switch (outcome) {
            case Outcome.Deleted d -> S3Response.of(204);
            default -> throw Failures.of(outcome, object);
        });
    }

    static CompletionStage<Outcome> delete(Store store, BucketState bucket, ObjectId object, Preconditions conditions) {
        return store.gateway()
                .objects()
                .mutate(new Mutation.Delete(
                        store.uploadIds().get(), object, conditions, bucket.generation(), store.deadlineBootNanos()));
    }
}
