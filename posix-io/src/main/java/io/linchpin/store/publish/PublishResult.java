package io.linchpin.store.publish;

import io.linchpin.store.journal.LiveRecord;

/** What came of publishing a fold. */
public sealed interface PublishResult {
    /** The newest of the records is in place. */
    record InPlace(LiveRecord.Published published) implements PublishResult {}

    /** It cannot be put there, and nothing has changed: the records are to be voided. Never EIO, which is thrown. */
    record Refused(int errno, String call) implements PublishResult {}
}
