package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** A small filesystem in a file, mounted through a loop device that goes with the mount. */
final class SmallDisk implements AutoCloseable {
    private final Path image;
    private final Path path;

    private SmallDisk(Path image, Path path) {
        this.image = image;
        this.path = path;
    }

    /**
     * Makes and mounts an ext4. Where that cannot be done (it takes root, mkfs.ext4 and loop devices) the test is reported as
     * one that could not run on this machine.
     */
    static SmallDisk mount(int mebibytes) throws Exception {
        return mount(mebibytes, "mkfs.ext4", "-q", "-m", "0", "-F");
    }

    /** A btrfs, which takes 109 MiB at least. */
    static SmallDisk mountBtrfs(int mebibytes) throws Exception {
        return mount(mebibytes, "mkfs.btrfs", "-q", "-f");
    }

    private static SmallDisk mount(int mebibytes, String... mkfs) throws Exception {
        Path directory = newDirectory();
        SmallDisk disk = new SmallDisk(directory.resolve("image"), Files.createDirectory(directory.resolve("mnt")));
        allocate(disk.image, mebibytes);
        try {
            Command.run(Stream.concat(Stream.of(mkfs), Stream.of(disk.image.toString()))
                    .toArray(String[]::new));
            Command.run("mount", "-o", "loop", disk.image.toString(), disk.path.toString());
        } catch (IOException failure) {
            disk.remove();
            assumeTrue(
                    false, mkfs[0] + " and a loop mount cannot be had here (it takes root): " + failure.getMessage());
        }
        return disk;
    }

    static Path newDirectory() throws IOException {
        return Files.createTempDirectory(
                Files.createDirectories(Path.of("target", "disks").toAbsolutePath()), "disk");
    }

    static void allocate(Path image, int mebibytes) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
    }

    Path path() {
        return path;
    }

    /** Unmounts, lazily where it is still in use, and removes the image. */
    @Override
    public void close() throws IOException {
        try {
            unmount(path);
        } finally {
            remove();
        }
    }

    static void unmount(Path path) throws IOException {
        try {
            Command.run("umount", path.toString());
        } catch (IOException inUse) {
            Command.run("umount", "--lazy", path.toString());
        }
    }

    private void remove() throws IOException {
        Files.deleteIfExists(path);
        Files.deleteIfExists(image);
        Files.deleteIfExists(image.getParent());
    }
}
