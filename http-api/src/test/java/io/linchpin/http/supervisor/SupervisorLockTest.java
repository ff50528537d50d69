package io.linchpin.http.supervisor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorLockTest {
    @TempDir
    Path directory;

    @Test
    void oneHolderAtATimeAndItIsNamed() throws IOException {
        Path root = directory.resolve("not-there-yet");
        SupervisorLock.Holder first = new SupervisorLock.Holder(4711, "127.0.0.1", 9000, "eu-north-1");
        SupervisorLock.Holder second = new SupervisorLock.Holder(5, "::1", 1, "us-east-1");
        try (SupervisorLock _ = SupervisorLock.tryAcquire(root, first).orElseThrow()) {
            assertTrue(SupervisorLock.tryAcquire(root, second).isEmpty());
            assertEquals(Optional.of(first), SupervisorLock.holder(root));
        }
        assertEquals(Optional.empty(), SupervisorLock.holder(root));
        SupervisorLock.tryAcquire(root, second).orElseThrow().close();
    }

    @Test
    void aFileThatDoesNotTellTheRegionIsReadAllTheSame() throws IOException {
        SupervisorLock.Holder holder = new SupervisorLock.Holder(4711, "127.0.0.1", 9000, "eu-north-1");
        try (SupervisorLock _ = SupervisorLock.tryAcquire(directory, holder).orElseThrow()) {
            Files.writeString(
                    directory.resolve(Names.SUPERVISOR), "{\"pid\":4711,\"host\":\"127.0.0.1\",\"port\":9000}");
            assertEquals(
                    Optional.of(new SupervisorLock.Holder(4711, "127.0.0.1", 9000, "")),
                    SupervisorLock.holder(directory));
        }
    }
}
