package io.linchpin.store.journal;

import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * One judged mutation of one key, with all that is needed to publish it again.
 *
 * @param id which record this is: a re-append into another journal keeps it
 * @param stamp of the version that this makes (PUT), changes (META) or removes (DELETE: a stamp of its own, never seen)
 * @param replaces what stood in place when this was judged, or null for nothing
 * @param staged where the data was staged and which inode it is (PUT only)
 * @param sidecar the sidecar's bytes (PUT and META), else empty
 * @param inline the object's bytes where they travel in the journal, else null: then the staged name is durable and is
 *     kept until this record is retired
 * @param bucketGeneration of the bucket that it was judged in, or {@link #ANY_BUCKET}
 */
public record CommitRecord(
        Kind kind,
        Id id,
        UploadId upload,
        ObjectId object,
        Stamp stamp,
        @Nullable Identity replaces,
        @Nullable Staged staged,
        byte[] sidecar,
        byte @Nullable [] inline,
        long bucketGeneration) {
    /** Of records that an earlier release has written: they do not say in which bucket of the name they were judged. */
    public static final long ANY_BUCKET = -1;

    /** What a record does. */
    public enum Kind {
        PUT(1),
        DELETE(2),
        META(3),
        /** Takes back the record of the same identity, which could not be published and was never acknowledged. */
        VOID(4);

        private final byte code;

        Kind(int code) {
            this.code = (byte) code;
        }

        byte code() {
            return code;
        }

        static Kind of(byte code) {
            for (Kind k : values()) {
                if (k.code == code) {
                    return k;
                }
            }
            throw new IllegalArgumentException("a record of unknown kind " + code);
        }
    }

    /** A record's identity, unique in the store: {@code sequence} is the order within the shard's epoch. */
    public record Id(int shard, long epoch, long sequence) implements Comparable<Id> {
        @Override
        public int compareTo(Id other) {
            int c = Integer.compare(shard, other.shard);
            c = c != 0 ? c : Long.compare(epoch, other.epoch);
            return c != 0 ? c : Long.compare(sequence, other.sequence);
        }

        @Override
        public String toString() {
            return shard + "/" + epoch + "/" + sequence;
        }
    }

    /** A file as statx(2) told it from every other. */
    public record Identity(long inode, long mtimeNanos, long size) {
        /**
         * Whether this, found after a power cut, may be that file with what the cut has taken: an mtime not yet durable (so
         * an older one), bytes not yet allocated. A file made by hand later has the inode by chance at most, and then
         * neither an older mtime nor such a size.
         */
        boolean mayBeRemainsOf(Identity that) {
            boolean sizeFits = size == that.size || size == 0;
            boolean same = inode == that.inode && mtimeNanos <= that.mtimeNanos;
            return sizeFits && (same || mtimeNanos == that.mtimeNanos);
        }
    }

    /** Staged data: {@code staging/<by>/<upload>.data}. */
    public record Staged(Incarnation by, long inode, long size) {}

    /** The same without the sidecar's and the object's bytes: all that accounting for files asks of a record. */
    public CommitRecord withoutBytes() {
        return new CommitRecord(kind, id, upload, object, stamp, replaces, staged, new byte[0], null, bucketGeneration);
    }

    /**
     * Whether a file is what this record put, or would put, in place: by its stamp, for a replay makes a fresh inode.
     *
     * @param rebooted whether a power cut may have come between
     */
    public boolean made(Identity file, boolean rebooted) {
        if (kind != Kind.PUT || staged == null) {
            return false;
        }
        Identity whole = new Identity(staged.inode(), stamp.nanos(), staged.size());
        return rebooted
                ? file.mayBeRemainsOf(whole)
                : file.mtimeNanos() == whole.mtimeNanos() && file.size() == whole.size();
    }

    /** Whether a file is what this record was judged to replace. */
    public boolean replaced(Identity file, boolean rebooted) {
        return replaces != null && (rebooted ? file.mayBeRemainsOf(replaces) : file.equals(replaces));
    }
}
