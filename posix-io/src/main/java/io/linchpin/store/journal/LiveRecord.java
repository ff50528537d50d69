package io.linchpin.store.journal;

import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record in this node's journal from its encoding until a checkpoint retires it: what the checkpoint must know of it.
 * The bytes are let go once written.
 */
public final class LiveRecord {
    private final CommitRecord.Id id;
    private final ObjectId object;
    private final Stamp stamp;
    private final @Nullable Incarnation stagedBy;
    private final boolean isVoid;
    private byte @Nullable [] encoded;
    private volatile @Nullable Published published;

    /**
     * What publishing leaves to the checkpoint that retires the record.
     *
     * @param garbage paths below the root to unlink after the sync: staged links, sidecars of replaced versions
     */
    public record Published(List<String> garbage) {
        public static final Published NOTHING = new Published(List.of());
    }

    public LiveRecord(CommitRecord record) {
        this.id = record.id();
        this.object = record.object();
        this.stamp = record.stamp();
        CommitRecord.Staged staged = record.staged();
        this.stagedBy = staged == null ? null : staged.by();
        this.isVoid = record.kind() == CommitRecord.Kind.VOID;
        this.encoded = RecordCodec.encode(record);
    }

    /** The record that takes another one back. It needs no publishing. */
    public static LiveRecord voidOf(CommitRecord r) {
        LiveRecord live = new LiveRecord(new CommitRecord(
                CommitRecord.Kind.VOID,
                r.id(),
                r.upload(),
                r.object(),
                r.stamp(),
                null,
                null,
                new byte[0],
                null,
                r.bucketGeneration()));
        live.setPublished(Published.NOTHING);
        return live;
    }

    public CommitRecord.Id id() {
        return id;
    }

    /** Whose staging directory the record refers to, if any. */
    public @Nullable Incarnation stagedBy() {
        return stagedBy;
    }

    boolean isVoid() {
        return isVoid;
    }

    int length() {
        byte[] e = encoded;
        return e == null ? 0 : e.length;
    }

    byte[] takeEncoded() {
        byte[] e = encoded;
        if (e == null) {
            throw new IllegalStateException("record " + id + " is written once");
        }
        encoded = null;
        return e;
    }

    /** Says that the record is in place, or needs no publishing (superseded, voided). Set before its published mark. */
    public void setPublished(Published what) {
        published = what;
    }

    public boolean isPublished() {
        return published != null;
    }

    /** What to unlink once the record is retired. */
    public List<String> garbage() {
        return published().garbage();
    }

    public ObjectId object() {
        return object;
    }

    public Stamp stamp() {
        return stamp;
    }

    private Published published() {
        Published p = published;
        if (p == null) {
            throw new IllegalStateException("record " + id + " is retired before it was published");
        }
        return p;
    }
}
