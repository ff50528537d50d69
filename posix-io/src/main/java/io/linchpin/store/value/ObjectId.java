package io.linchpin.store.value;

/** One object's place: its bucket and its key. */
public record ObjectId(BucketName bucket, ObjectKey key) {
    @Override
    public String toString() {
        return bucket + "/" + key;
    }
}
