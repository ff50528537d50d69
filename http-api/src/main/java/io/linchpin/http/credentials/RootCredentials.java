package io.linchpin.http.credentials;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key pair of the account that may do everything.
 *
 * <p>LINCHPIN_ACCESS_KEY and LINCHPIN_SECRET_KEY give it where both are set; otherwise {@code .linchpin/users/root.json} does,
 * a file of mode 0600 that the first start makes with random keys.
 *
 * @param accessKey 3 to 128 characters; not secret
 * @param secretKey 8 to 128 characters; in no log, no message and no {@link #toString}
 */
public record RootCredentials(String accessKey, String secretKey) {
    public static final String ACCESS_KEY_VARIABLE = "LINCHPIN_ACCESS_KEY";
    public static final String SECRET_KEY_VARIABLE = "LINCHPIN_SECRET_KEY";

    private static final String FILE = Names.USERS + "/root.json";
    private static final String ACCESS_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final ObjectMapper JSON = new ObjectMapper();

    public RootCredentials {
        if (accessKey.length() < 3 || accessKey.length() > 128) {
            throw new IllegalArgumentException("an access key has 3 to 128 characters");
        }
        if (secretKey.length() < 8 || secretKey.length() > 128) {
            throw new IllegalArgumentException("a secret key has 8 to 128 characters");
        }
    }

    /** Where a store keeps the pair. */
    public static Path file(Path root) {
        return root.resolve(FILE);
    }

    /**
     * What the environment sets.
     *
     * @throws UnusableKeysException where it sets one of the two only, or one of a length out of range
     */
    public static Optional<RootCredentials> ofEnvironment(Map<String, String> environment)
            throws UnusableKeysException {
        String access = environment.getOrDefault(ACCESS_KEY_VARIABLE, "");
        String secret = environment.getOrDefault(SECRET_KEY_VARIABLE, "");
        if (access.isEmpty() && secret.isEmpty()) {
            return Optional.empty();
        }
        if (access.isEmpty() || secret.isEmpty()) {
            throw new UnusableKeysException("Set both " + ACCESS_KEY_VARIABLE + " and " + SECRET_KEY_VARIABLE
                    + ", or neither: only " + (access.isEmpty() ? SECRET_KEY_VARIABLE : ACCESS_KEY_VARIABLE)
                    + " is set.");
        }
        try {
            return Optional.of(new RootCredentials(access, secret));
        } catch (IllegalArgumentException outOfRange) {
            throw new UnusableKeysException(
                    ACCESS_KEY_VARIABLE + ", " + SECRET_KEY_VARIABLE + ": " + outOfRange.getMessage() + ".");
        }
    }

    /** What the environment sets, else what the store keeps; empty where neither does. */
    public static Optional<RootCredentials> find(Path root, Map<String, String> environment) throws IOException {
        Optional<RootCredentials> set = ofEnvironment(environment);
        return set.isPresent() ? set : read(root);
    }

    /** What the store keeps; empty where it keeps none yet. */
    public static Optional<RootCredentials> read(Path root) throws IOException {
        Path file = file(root);
        try {
            JsonNode json = JSON.readTree(Files.readAllBytes(file));
            return Optional.of(new RootCredentials(
                    json.path("accessKey").asText(), json.path("secretKey").asText()));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        } catch (JacksonException | IllegalArgumentException damaged) {
            // Without its text: that holds the secret.
            throw new UnusableKeysException(file + " does not hold an access key and a secret key as JSON.");
        }
    }

    /**
     * A found pair, and whether it was made just now.
     *
     * @param created to be shown to the person who started the store, this once
     */
    public record Ensured(RootCredentials credentials, boolean created) {}

    /**
     * As {@link #find}, and makes a random pair where there is none. Of several processes that do so at once one makes it,
     * and all return the same.
     */
    public static Ensured ensure(Path root, Map<String, String> environment) throws IOException {
        Optional<RootCredentials> found = find(root, environment);
        if (found.isPresent()) {
            return new Ensured(found.get(), false);
        }
        RootCredentials made = random(new SecureRandom());
        boolean created = write(root, made);
        RootCredentials kept = read(root).orElseThrow(() -> new IOException(file(root) + " vanished"));
        return new Ensured(kept, created);
    }

    private static RootCredentials random(SecureRandom random) {
        return new RootCredentials(
                "LP" + letters(random, ACCESS_KEY_LETTERS, 18), letters(random, SECRET_KEY_LETTERS, 40));
    }

    private static String letters(SecureRandom random, String of, int count) {
        StringBuilder text = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            text.append(of.charAt(random.nextInt(of.length())));
        }
        return text.toString();
    }

    /** Whole or not at all: linked under its name once it is durable, and refused where another was first. */
    private static boolean write(Path root, RootCredentials made) throws IOException {
        Path file = file(root);
        Path directory = file.resolveSibling("");
        Files.createDirectories(
                directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        ObjectNode json = JSON.createObjectNode();
        json.put("accessKey", made.accessKey);
        json.put("secretKey", made.secretKey);
        Path staged = Files.createTempFile(directory, ".root", ".tmp");
        try {
            try (FileChannel out = FileChannel.open(staged, Set.of(StandardOpenOption.WRITE))) {
                ByteBuffer bytes =
                        ByteBuffer.wrap(JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.createLink(file, staged);
            try (FileChannel entries = FileChannel.open(directory, Set.of(StandardOpenOption.READ))) {
                entries.force(true);
            }
            return true;
        } catch (FileAlreadyExistsException another) {
            return false;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    @Override
    public String toString() {
        return "root credentials " + accessKey;
    }
}
