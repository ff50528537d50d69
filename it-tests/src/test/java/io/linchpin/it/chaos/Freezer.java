package io.linchpin.it.chaos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A control group whose processes stand still: as SIGSTOP, but nothing that the process is sent reaches it meanwhile. */
final class Freezer implements AutoCloseable {
    /** The first is version 1's, the others version 2's. */
    private static final List<Path> MOUNTS =
            List.of(Path.of("/sys/fs/cgroup/freezer"), Path.of("/sys/fs/cgroup/unified"), Path.of("/sys/fs/cgroup"));

    private final Path group;
    private final Path outside;
    private final boolean first;

    private Freezer(Path mount, Path group, boolean first) {
        this.outside = mount.resolve("cgroup.procs");
        this.group = group;
        this.first = first;
    }

    /** Empty where control groups cannot be made here: it takes root, and their filesystem mounted for writing. */
    static Optional<Freezer> make() {
        for (Path mount : MOUNTS) {
            Path group = mount.resolve("linchpin-" + ProcessHandle.current().pid());
            try {
                Files.createDirectory(group);
            } catch (IOException none) {
                continue;
            }
            boolean first = Files.exists(group.resolve("freezer.state"));
            if (first || Files.exists(group.resolve("cgroup.freeze"))) {
                return Optional.of(new Freezer(mount, group, first));
            }
            group.toFile().delete();
        }
        return Optional.empty();
    }

    void freeze(long pid) throws IOException {
        Files.writeString(group.resolve("cgroup.procs"), Long.toString(pid));
        write(true);
    }

    /** Lets it go on, outside. */
    void thaw(long pid) throws IOException {
        write(false);
        Files.writeString(outside, Long.toString(pid));
    }

    private void write(boolean frozen) throws IOException {
        if (first) {
            Files.writeString(group.resolve("freezer.state"), frozen ? "FROZEN" : "THAWED");
        } else {
            Files.writeString(group.resolve("cgroup.freeze"), frozen ? "1" : "0");
        }
    }

    @Override
    public void close() throws IOException {
        Files.delete(group);
    }
}
