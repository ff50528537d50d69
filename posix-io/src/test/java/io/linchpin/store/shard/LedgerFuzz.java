package io.linchpin.store.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.linchpin.fuzz.FuzzTarget;
import io.linchpin.store.value.Incarnation;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.zip.CRC32C;

/** Slots, as they are and with length and checksum set right: what is read is written and read again as the same. */
public final class LedgerFuzz implements FuzzTarget {
    private static final int PREFIX = 16;

    @Override
    public List<byte[]> seeds() {
        Ledger one = new Ledger(3, 2, 99, Set.of(Incarnation.of(1, 17)), new UUID(5, 6), 7);
        return List.of(slot(0, Ledger.NEW), slot(1, one), slot(2, one.withJournals(Set.of())));
    }

    private static byte[] slot(long version, Ledger ledger) {
        ByteBuffer encoded = LedgerCodec.encode(version, ledger);
        byte[] bytes = new byte[PREFIX + encoded.getInt(12)];
        encoded.get(0, bytes);
        return bytes;
    }

    @Override
    public boolean run(byte[] input) {
        boolean asItIs = accepts(input);
        if (input.length > PREFIX && input.length <= LedgerCodec.SLOT_BYTES) {
            ByteBuffer sealed = ByteBuffer.wrap(input);
            sealed.putLong(0, 0x4C494E43484C4544L).putInt(12, input.length - PREFIX);
            CRC32C crc = new CRC32C();
            crc.update(sealed.slice(12, input.length - 12));
            sealed.putInt(8, (int) crc.getValue());
        }
        return accepts(input) || asItIs;
    }

    private static boolean accepts(byte[] slot) {
        LedgerCodec.Slot read = LedgerCodec.decode(ByteBuffer.wrap(slot), 0);
        if (read == null) {
            return false;
        }
        ByteBuffer written = LedgerCodec.encode(read.version(), read.ledger());
        assertEquals(read, LedgerCodec.decode(written, 0));
        // Nothing was passed over in reading: of the same length, but for the order of the journals of the same bytes.
        assertEquals(ByteBuffer.wrap(slot).getInt(12), written.getInt(12));
        assertEquals(ByteBuffer.wrap(slot).slice(PREFIX, 60), written.slice(PREFIX, 60));
        return true;
    }
}
