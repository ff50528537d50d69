package io.linchpin.http.supervisor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.KernelLock;
import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/**
 * The lock of a store's supervisor, {@code .linchpin/supervisor}: one of them at a time, and none while {@code fsck --repair}
 * keeps the store at rest by holding it. The file holds who it is, as JSON.
 */
public final class SupervisorLock implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT_BYTES = 4096;

    private final KernelLock lock;

    private SupervisorLock(KernelLock lock) {
        this.lock = lock;
    }

    /**
     * Who holds the lock.
     *
     * @param pid 0 where it has not said it yet
     * @param port the public port of its nodes; 0 where it has none, because it is {@code fsck --repair}
     * @param region what signatures of its clients must name; empty where the file does not say it
     */
    public record Holder(long pid, String host, int port, String region) {
        static Holder repair(long pid) {
            return new Holder(pid, "", 0, "");
        }

        /**
         * Lets through a supervisor only.
         *
         * @throws RefusedException where it is {@code fsck --repair}, which neither serves the store nor is to be ended in
         *     the middle, or one that has not said yet what it is
         */
        public void requireSupervisor(Path root) throws RefusedException {
            if (port == 0) {
                throw new RefusedException(
                        pid == 0
                                ? "Somebody has just locked the store " + root
                                        + " and not said yet who it is; ask again."
                                : "fsck --repair (pid " + pid + ") is at work on the store " + root
                                        + "; wait until it has ended.");
            }
        }
    }

    private static Path file(Path root) {
        return root.resolve(Names.SUPERVISOR);
    }

    /** Makes the store's directories where they are missing, and takes the lock if it is free. */
    static Optional<SupervisorLock> tryAcquire(Path root, Holder holder) throws IOException {
        Files.createDirectories(root);
        Files.createDirectories(
                root.resolve(Names.HOME),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Optional<KernelLock> lock = KernelLock.tryAcquire(
                new NativePosix(), Posix.AT_FDCWD, file(root).toString());
        if (lock.isEmpty()) {
            return Optional.empty();
        }
        Fd fd = lock.get().fd();
        PosixException.check(fd.posix().ftruncate(fd.number(), 0), "ftruncate", fd.path());
        FileIo.writeFully(fd, ByteBuffer.wrap(JSON.writeValueAsBytes(holder)), 0);
        return Optional.of(new SupervisorLock(lock.get()));
    }

    /** Who holds the lock of a store; empty where nobody does. */
    public static Optional<Holder> holder(Path root) throws IOException {
        Path file = file(root);
        if (!Files.exists(file) || !KernelLock.isHeldBySomebody(new NativePosix(), Posix.AT_FDCWD, file.toString())) {
            return Optional.empty();
        }
        byte[] bytes = Files.readAllBytes(file);
        if (bytes.length == 0 || bytes.length > LIMIT_BYTES) {
            return Optional.of(new Holder(0, "", 0, ""));
        }
        JsonNode json = JSON.readTree(bytes);
        return Optional.of(new Holder(
                json.path("pid").asLong(),
                json.path("host").asText(),
                json.path("port").asInt(),
                json.path("region").asText()));
    }

    @Override
    public void close() {
        lock.close();
    }
}
