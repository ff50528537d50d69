package io.linchpin.store.shard;

import io.linchpin.store.value.Incarnation;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A ledger's slot, big-endian; a shard's file has two, at 0 and at {@value #SLOT_BYTES}.
 *
 * <pre>
 * magic "LINCHLED" u64 | CRC32C u32 of all that follows | length u32 of all that follows
 * | version u64 | epoch u64 | floor u64 | stamp floor u64 | boot u128 (0: none) | mount u64
 * | journals u32, each: length u8, ASCII
 * </pre>
 *
 * Slots are written in turn, each with the next version; the readable slot of the highest version counts. A torn write
 * spoils only the slot that was older anyway.
 */
final class LedgerCodec {
    static final int SLOT_BYTES = 4096;

    private static final long MAGIC = 0x4C494E43484C4544L;
    private static final int PREFIX = 16;

    /** All fields but the journals, and one journal. */
    private static final int FIXED_BYTES = 60;

    private static final int JOURNAL_BYTES = 20;

    /** Journals that fit into a slot. */
    static final int MAX_JOURNALS = (SLOT_BYTES - PREFIX - FIXED_BYTES) / JOURNAL_BYTES;

    private static final UUID NO_BOOT = new UUID(0, 0);

    private LedgerCodec() {}

    /** A slot that was read. */
    record Slot(long version, Ledger ledger) {}

    static ByteBuffer encode(long version, Ledger ledger) {
        ByteBuffer b = ByteBuffer.allocateDirect(SLOT_BYTES);
        b.putLong(MAGIC).putInt(0).putInt(0);
        b.putLong(version).putLong(ledger.epoch()).putLong(ledger.floor()).putLong(ledger.stampFloor());
        UUID boot = ledger.replayedBoot() == null ? NO_BOOT : ledger.replayedBoot();
        b.putLong(boot.getMostSignificantBits()).putLong(boot.getLeastSignificantBits());
        b.putLong(ledger.replayedMount());
        b.putInt(ledger.journals().size());
        // In order, so that equal ledgers are equal bytes in every run.
        for (Incarnation i : ledger.journals().stream().sorted().toList()) {
            byte[] ascii = i.value().getBytes(StandardCharsets.US_ASCII);
            b.put((byte) ascii.length).put(ascii);
        }
        int length = b.position() - PREFIX;
        b.putInt(12, length);
        CRC32C crc = new CRC32C();
        crc.update(b.slice(12, 4 + length));
        b.putInt(8, (int) crc.getValue());
        return b.clear();
    }

    /** Decodes the slot at {@code at}; null where it was never written, or was torn. */
    static @Nullable Slot decode(ByteBuffer file, int at) {
        if (file.limit() < at + PREFIX || file.getLong(at) != MAGIC) {
            return null;
        }
        int length = file.getInt(at + 12);
        if (length < 0 || length > SLOT_BYTES - PREFIX || file.limit() < at + PREFIX + length) {
            return null;
        }
        CRC32C crc = new CRC32C();
        crc.update(file.slice(at + 12, 4 + length));
        if ((int) crc.getValue() != file.getInt(at + 8)) {
            return null;
        }
        try {
            return decodeBody(file.slice(at + PREFIX, length));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            return null;
        }
    }

    private static Slot decodeBody(ByteBuffer b) {
        long version = b.getLong();
        long epoch = b.getLong();
        long floor = b.getLong();
        long stampFloor = b.getLong();
        UUID boot = new UUID(b.getLong(), b.getLong());
        long mount = b.getLong();
        int count = b.getInt();
        Set<Incarnation> journals = new LinkedHashSet<>();
        for (int i = 0; i < count; i++) {
            byte[] ascii = new byte[b.get() & 0xFF];
            b.get(ascii);
            journals.add(new Incarnation(new String(ascii, StandardCharsets.US_ASCII)));
        }
        if (b.hasRemaining() || journals.size() != count) {
            throw new IllegalArgumentException("a slot that was never written so");
        }
        return new Slot(
                version, new Ledger(epoch, floor, stampFloor, journals, boot.equals(NO_BOOT) ? null : boot, mount));
    }
}
