package io.linchpin.it.chaos;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * An ext4 with a journal on a block device that fails when it is told to: each read and write of a block with EIO.
 *
 * <p>nbdkit serves a file with its filter of errors, nbdfuse shows it as a file again, and a loop device makes that a block
 * device. What the kernel has not written when the device fails is lost, as in a power cut.
 */
final class FailingDisk implements AutoCloseable {
    private static final int LIMIT_SECONDS = 20;

    /** Of e2fsck: nothing to mend, or all mended. */
    private static final Set<Integer> SOUND = Set.of(0, 1);

    /** How to take down what was set up, the last first. */
    private final Deque<Undo> undo = new ArrayDeque<>();

    private final Path directory;
    private final Path path;
    private final Path broken;
    private String device = "";

    @FunctionalInterface
    private interface Undo {
        void run() throws IOException;
    }

    private FailingDisk(Path directory) throws IOException {
        this.directory = directory;
        this.path = Files.createDirectory(directory.resolve("mnt"));
        this.broken = directory.resolve("broken");
        undo.push(() -> Files.delete(directory));
        undo.push(() -> Files.delete(path));
    }

    /**
     * Makes and mounts it. Where that cannot be done (it takes root, nbdkit, nbdfuse and loop devices) the test is reported
     * as one that could not run on this machine.
     */
    static FailingDisk mount(int mebibytes) throws Exception {
        FailingDisk disk = new FailingDisk(SmallDisk.newDirectory());
        try {
            disk.attach(mebibytes);
            Command.run("mkfs.ext4", "-q", "-m", "0", disk.device);
            Command.run("mount", disk.device, disk.path.toString());
            disk.undo.push(() -> SmallDisk.unmount(disk.path));
        } catch (IOException failure) {
            disk.close();
            assumeTrue(
                    false,
                    "no disk that fails can be made here (it takes root, nbdkit, nbdfuse): " + failure.getMessage());
        }
        return disk;
    }

    private void attach(int mebibytes) throws IOException, InterruptedException {
        Path image = directory.resolve("image");
        SmallDisk.allocate(image, mebibytes);
        undo.push(() -> Files.delete(image));
        Path socket = directory.resolve("socket");
        serve(
                () -> Files.deleteIfExists(socket),
                "nbdkit",
                "--foreground",
                "--exit-with-parent",
                "--unix",
                socket.toString(),
                "--filter=error",
                "file",
                image.toString(),
                "error=EIO",
                "error-rate=100%",
                "error-file=" + broken);
        await(socket);
        Path shown = Files.createDirectory(directory.resolve("nbd"));
        undo.push(() -> Files.delete(shown));
        Path file = shown.resolve("disk");
        serve(() -> {}, "nbdfuse", file.toString(), "--unix", socket.toString());
        undo.push(() -> Command.run("fusermount3", "-u", shown.toString()));
        await(file);
        device = Command.run("losetup", "--find", "--show", file.toString());
        undo.push(() -> Command.run("losetup", "--detach", device));
    }

    /** Starts a program that serves until this is closed. */
    private void serve(Undo after, String... command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        undo.push(() -> {
            process.destroy();
            process.onExit().join();
            after.run();
        });
    }

    private static void await(Path file) throws IOException, InterruptedException {
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!Files.exists(file)) {
            if (System.nanoTime() > giveUp) {
                throw new IOException(file + " does not appear");
            }
            Thread.sleep(10);
        }
    }

    Path path() {
        return path;
    }

    /** From now on every block fails. */
    void fail() throws IOException {
        Files.createFile(broken);
    }

    /** The device works again, and the filesystem is checked and mounted anew; nobody may have a file of it open. */
    void repair() throws IOException, InterruptedException {
        Files.delete(broken);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (true) {
            try {
                Command.run("umount", path.toString());
                break;
            } catch (IOException inUse) {
                if (System.nanoTime() > giveUp) {
                    throw inUse;
                }
                Thread.sleep(50);
            }
        }
        Command.run(SOUND, "e2fsck", "-p", device);
        Command.run("mount", device, path.toString());
    }

    @Override
    public void close() throws IOException {
        Files.deleteIfExists(broken);
        while (!undo.isEmpty()) {
            undo.pop().run();
        }
    }
}
