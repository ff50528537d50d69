package io.linchpin.http.credentials;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RootCredentialsTest {
    private static final Map<String, String> NOTHING_SET = Map.of();

    @TempDir
    Path root;

    @Test
    void theFirstStartMakesThemAndLaterStartsFindThem() throws IOException {
        RootCredentials.Ensured first = RootCredentials.ensure(root, NOTHING_SET);
        RootCredentials.Ensured second = RootCredentials.ensure(root, NOTHING_SET);
        assertTrue(first.created());
        assertFalse(second.created());
        assertEquals(first.credentials(), second.credentials());
    }

    @Test
    void twoStoresHaveDifferentKeys() throws IOException {
        assertNotEquals(
                RootCredentials.ensure(root.resolve("a"), NOTHING_SET).credentials(),
                RootCredentials.ensure(root.resolve("b"), NOTHING_SET).credentials());
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        RootCredentials.ensure(root, NOTHING_SET);
        Path file = RootCredentials.file(root);
        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        try (var beside = Files.list(file.resolveSibling(""))) {
            assertEquals(1, beside.count(), "nothing staged is left");
        }
    }

    @Test
    void theEnvironmentOverridesTheFileAndWritesNone() throws IOException {
        Map<String, String> set = Map.of("LINCHPIN_ACCESS_KEY", "chosen", "LINCHPIN_SECRET_KEY", "chosen-secret");
        RootCredentials.Ensured ensured = RootCredentials.ensure(root, set);
        assertEquals(new RootCredentials("chosen", "chosen-secret"), ensured.credentials());
        assertFalse(ensured.created());
        assertEquals(Optional.empty(), RootCredentials.read(root));
    }

    @Test
    void halfAPairIsRefused() {
        Map<String, String> half = Map.of("LINCHPIN_ACCESS_KEY", "chosen");
        assertThrows(UnusableKeysException.class, () -> RootCredentials.ofEnvironment(half));
    }

    @Test
    void aDamagedFileIsNamedAndItsTextIsNotShown() throws IOException {
        RootCredentials.ensure(root, NOTHING_SET);
        Files.writeString(RootCredentials.file(root), "{\"accessKey\": \"abc\", \"secretKey\": hidden-away");
        IOException refused = assertThrows(IOException.class, () -> RootCredentials.read(root));
        assertTrue(refused.toString().contains("root.json"));
        assertFalse(refused.toString().contains("hidden-away"));
    }

    @Test
    void theSecretIsNotInItsText() {
        assertFalse(new RootCredentials("access", "very-secret").toString().contains("very-secret"));
    }
}
