package io.linchpin.fuzz;

import io.linchpin.store.journal.JournalFuzz;
import io.linchpin.store.layout.KeyCodecFuzz;
import io.linchpin.store.multipart.UploadJsonFuzz;
import io.linchpin.store.shard.LedgerFuzz;
import io.linchpin.store.sidecar.SidecarFuzz;
import org.junit.jupiter.api.Test;

/** What the store reads back from its disk. */
class StoreFuzzTest {
    @Test
    void keys() throws Exception {
        FuzzRun.of(new KeyCodecFuzz(), 50_000);
    }

    @Test
    void sidecars() throws Exception {
        FuzzRun.of(new SidecarFuzz(), 40_000);
    }

    @Test
    void journals() throws Exception {
        FuzzRun.of(new JournalFuzz(), 15_000);
    }

    @Test
    void ledgers() throws Exception {
        FuzzRun.of(new LedgerFuzz(), 100_000);
    }

    @Test
    void uploads() throws Exception {
        FuzzRun.of(new UploadJsonFuzz(), 40_000);
    }
}
