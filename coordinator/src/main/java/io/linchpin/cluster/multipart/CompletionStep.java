package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.MultipartOutcome.OfComplete;
import io.linchpin.store.multipart.SentAttempt;
import io.linchpin.store.value.BucketName;

/** What a step of a completion comes to. */
sealed interface CompletionStep {
    /** Nothing is to be sent: this is the answer. */
    record Answer(OfComplete outcome) implements CompletionStep {}

    /** This is the answer, and after it the parts may be freed. */
    record Ended(OfComplete outcome, BucketName bucket) implements CompletionStep {}

    /** The mutation is to be sent to the key's owner. */
    record Send(SentAttempt sent, boolean resend) implements CompletionStep {}

    /** Nobody can tell yet: to be asked again, and meanwhile Unknown. */
    record AskAgain(SentAttempt sent) implements CompletionStep {}
}
