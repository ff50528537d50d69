package io.linchpin.store.journal;

import io.linchpin.store.journal.CommitRecord.Identity;
import io.linchpin.store.journal.CommitRecord.Kind;
import io.linchpin.store.journal.CommitRecord.Staged;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Entries of a batch as bytes, big-endian.
 *
 * <pre>
 * entry   := type u8, length u32, body
 * type    := 1 record | 2 published marks
 * record  := kind u8 (1 put, 2 delete, 3 meta, 4 void), shard u32, epoch u64, sequence u64, upload 32 ASCII, stamp u64, flags u8,
 *            [generation of the bucket u64]                    flags bit 3; absent in records of earlier releases
 *            bucket text, key text,
 *            [replaces: inode u64, mtime u64, size u64]        flags bit 0
 *            [staged: incarnation text, inode u64, size u64]   flags bit 1
 *            sidecar bytes, [inline bytes]                     flags bit 2
 * marks   := count u32, count x (shard u32, epoch u64, sequence u64)
 * text    := length u16, UTF-8;  bytes := length u32, bytes
 * </pre>
 *
 * Integrity is the batch's checksum; this codec only refuses what cannot be decoded.
 */
public final class RecordCodec {
    static final byte RECORD = 1;
    static final byte MARKS = 2;
    static final int ENTRY_HEADER = 5;

    /** Kind and identity, with which every record begins. */
    static final int RECORD_HEADER = 21;

    private static final int HAS_BASE = 1;
    private static final int HAS_STAGED = 2;
    private static final int HAS_INLINE = 4;
    private static final int HAS_GENERATION = 8;

    private RecordCodec() {}

    /** One decoded entry of a batch. */
    public sealed interface Entry {
        record Commit(CommitRecord record) implements Entry {}

        record Published(List<CommitRecord.Id> ids) implements Entry {}
    }

    /** A record as a whole entry. */
    public static byte[] encode(CommitRecord r) {
        int inlineLength = r.inline() == null ? 0 : r.inline().length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256 + r.sidecar().length + inlineLength);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(RECORD);
            out.writeInt(0);
            out.writeByte(r.kind().code());
            writeId(out, r.id());
            out.write(r.upload().hex().getBytes(StandardCharsets.US_ASCII));
            out.writeLong(r.stamp().nanos());
            out.writeByte((r.replaces() != null ? HAS_BASE : 0)
                    | (r.staged() != null ? HAS_STAGED : 0)
                    | (r.inline() != null ? HAS_INLINE : 0)
                    | (r.bucketGeneration() != CommitRecord.ANY_BUCKET ? HAS_GENERATION : 0));
            if (r.bucketGeneration() != CommitRecord.ANY_BUCKET) {
                out.writeLong(r.bucketGeneration());
            }
            writeText(out, r.object().bucket().value());
            writeText(out, r.object().key().value());
            Identity base = r.replaces();
            if (base != null) {
                out.writeLong(base.inode());
                out.writeLong(base.mtimeNanos());
                out.writeLong(base.size());
            }
            Staged staged = r.staged();
            if (staged != null) {
                writeText(out, staged.by().value());
                out.writeLong(staged.inode());
                out.writeLong(staged.size());
            }
            writeBytes(out, r.sidecar());
            byte[] inline = r.inline();
            if (inline != null) {
                writeBytes(out, inline);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a byte array does not fail", e);
        }
        return withLength(bytes.toByteArray());
    }

    /** Published marks as a whole entry. */
    public static byte[] encodeMarks(List<CommitRecord.Id> ids) {
        ByteBuffer out = ByteBuffer.allocate(ENTRY_HEADER + 4 + ids.size() * 20);
        out.put(MARKS).putInt(0).putInt(ids.size());
        for (CommitRecord.Id id : ids) {
            out.putInt(id.shard()).putLong(id.epoch()).putLong(id.sequence());
        }
        return withLength(out.array());
    }

    private static byte[] withLength(byte[] entry) {
        ByteBuffer.wrap(entry).putInt(1, entry.length - ENTRY_HEADER);
        return entry;
    }

    /** The record's identity, without decoding the rest: for an index. The buffer stands at the entry's start. */
    static CommitRecord.Id peekId(ByteBuffer entry) {
        int at = entry.position() + ENTRY_HEADER + 1;
        return new CommitRecord.Id(entry.getInt(at), entry.getLong(at + 4), entry.getLong(at + 12));
    }

    static boolean peekIsVoid(ByteBuffer entry) {
        return entry.get(entry.position() + ENTRY_HEADER) == Kind.VOID.code();
    }

    /** Decodes the entry at the buffer's position and moves past it. */
    public static Entry decode(ByteBuffer in) throws CorruptJournalException {
        try {
            byte type = in.get();
            int length = in.getInt();
            ByteBuffer body = in.slice(in.position(), length);
            in.position(in.position() + length);
            Entry entry = switch (type) {
                case RECORD -> new Entry.Commit(decodeRecord(body));
                case MARKS -> new Entry.Published(decodeMarks(body));
                default -> throw new CorruptJournalException("an entry of unknown type " + type);
            };
            if (body.hasRemaining()) {
                throw new CorruptJournalException("an entry with " + body.remaining() + " bytes too many");
            }
            return entry;
        } catch (BufferUnderflowException
                | CharacterCodingException
                | IllegalArgumentException
                | IndexOutOfBoundsException e) {
            throw new CorruptJournalException("an entry that does not decode", e);
        }
    }

    private static CommitRecord decodeRecord(ByteBuffer in) throws CharacterCodingException {
        Kind kind = Kind.of(in.get());
        CommitRecord.Id id = readId(in);
        byte[] upload = new byte[32];
        in.get(upload);
        Stamp stamp = new Stamp(in.getLong());
        int flags = in.get();
        if ((flags & ~(HAS_BASE | HAS_STAGED | HAS_INLINE | HAS_GENERATION)) != 0) {
            throw new IllegalArgumentException("a record with unknown flags " + flags);
        }
        long generation = CommitRecord.ANY_BUCKET;
        if ((flags & HAS_GENERATION) != 0) {
            generation = in.getLong();
            if (generation == CommitRecord.ANY_BUCKET) {
                throw new IllegalArgumentException("a record with a generation that means none");
            }
        }
        BucketName bucket = new BucketName(readText(in));
        ObjectKey key = new ObjectKey(readText(in));
        Identity base = (flags & HAS_BASE) != 0 ? new Identity(in.getLong(), in.getLong(), in.getLong()) : null;
        Staged staged = (flags & HAS_STAGED) != 0
                ? new Staged(new Incarnation(readText(in)), in.getLong(), in.getLong())
                : null;
        byte[] sidecar = readBytes(in);
        byte @Nullable [] inline = (flags & HAS_INLINE) != 0 ? readBytes(in) : null;
        UploadId uploadId = new UploadId(new String(upload, StandardCharsets.US_ASCII));
        return new CommitRecord(
                kind, id, uploadId, new ObjectId(bucket, key), stamp, base, staged, sidecar, inline, generation);
    }

    private static List<CommitRecord.Id> decodeMarks(ByteBuffer in) {
        int count = in.getInt();
        List<CommitRecord.Id> ids = new ArrayList<>(Math.min(count, in.remaining() / 20));
        for (int i = 0; i < count; i++) {
            ids.add(readId(in));
        }
        return ids;
    }

    private static void writeId(DataOutputStream out, CommitRecord.Id id) throws IOException {
        out.writeInt(id.shard());
        out.writeLong(id.epoch());
        out.writeLong(id.sequence());
    }

    private static CommitRecord.Id readId(ByteBuffer in) {
        return new CommitRecord.Id(in.getInt(), in.getLong(), in.getLong());
    }

    private static void writeText(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    /** Strict: two texts of a journal are never one. */
    private static String readText(ByteBuffer in) throws CharacterCodingException {
        int length = in.getShort() & 0xFFFF;
        ByteBuffer utf8 = in.slice(in.position(), length);
        in.position(in.position() + length);
        return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
    }

    private static void writeBytes(DataOutputStream out, byte[] bytes) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(ByteBuffer in) {
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }
}
