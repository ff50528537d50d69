package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A small ext4 in a file, mounted through a loop device that goes with the mount. */
final class SmallDisk implements AutoCloseable {
    private static final int LIMIT_SECONDS = 60;

    private final Path image;
    private final Path path;

    private SmallDisk(Path image, Path path) {
        this.image = image;
        this.path = path;
    }

    /**
     * Makes and mounts it. Where that cannot be done (it takes root, mkfs.ext4 and loop devices) the test is reported as
     * one that could not run on this machine.
     */
    static SmallDisk mount(int mebibytes) throws Exception {
        Path directory = Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "disks").toAbsolutePath()), "disk");
        SmallDisk disk = new SmallDisk(directory.resolve("image"), Files.createDirectory(directory.resolve("mnt")));
        try (RandomAccessFile file = new RandomAccessFile(disk.image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        String failure = "";
        try {
            failure = run("mkfs.ext4", "-q", "-m", "0", "-F", disk.image.toString());
            if (failure.isEmpty()) {
                failure = run("mount", "-o", "loop", disk.image.toString(), disk.path.toString());
            }
        } catch (IOException notInstalled) {
            failure = String.valueOf(notInstalled.getMessage());
        }
        if (!failure.isEmpty()) {
            disk.remove();
        }
        assumeTrue(failure.isEmpty(), "a loop-mounted ext4 cannot be made here (it takes root): " + failure);
        return disk;
    }

    /** Empty, or what it said when it failed. */
    private static String run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of(command) + " does not end";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of(command) + " was interrupted";
        }
        return process.exitValue() == 0 ? "" : List.of(command) + ": " + process.exitValue() + " " + output;
    }

    Path path() {
        return path;
    }

    /** Unmounts, lazily where it is still in use, and removes the image. */
    @Override
    public void close() throws IOException {
        String failure = run("umount", path.toString());
        if (!failure.isEmpty()) {
            failure = run("umount", "--lazy", path.toString());
        }
        remove();
        if (!failure.isEmpty()) {
            throw new IOException(failure);
        }
    }

    private void remove() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(image);
        Files.deleteIfExists(image.getParent());
    }
}
