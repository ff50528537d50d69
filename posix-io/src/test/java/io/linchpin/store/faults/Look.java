package io.linchpin.store.faults;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.posix.sim.SimulatedDisk;
import io.linchpin.posix.sim.SimulatedProcess;
import io.linchpin.store.bucket.BucketState;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.multipart.PartRecord;
import io.linchpin.store.multipart.UploadDirectory;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.multipart.UploadStore;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.ObjectId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** What others see of the store, and what lies on its disk, seen by a process of its own. */
final class Look implements AutoCloseable {
    private final SimulatedDisk disk;
    private final SimulatedProcess process;
    private final StoreRoot root;

    private Look(SimulatedDisk disk) throws IOException {
        this.disk = disk;
        this.process = disk.newProcess();
        this.root = StoreRoot.open(process, Path.of("/"));
    }

    @Override
    public void close() {
        disk.kill(process);
    }

    /** Objects with bodies and metadata, buckets, and uploads in progress with their parts. */
    static SortedMap<String, String> contents(SimulatedDisk disk) throws IOException {
        try (Look look = new Look(disk)) {
            return look.contents();
        }
    }

    /** What a reader gets of one object. */
    static String object(SimulatedDisk disk, ObjectId object) throws IOException {
        try (Look look = new Look(disk)) {
            return look.object(object);
        }
    }

    private SortedMap<String, String> contents() throws IOException {
        SortedMap<String, String> seen = new TreeMap<>();
        UploadStore uploads = new UploadStore(root);
        for (ObjectId object : World.OBJECTS) {
            seen.put(object.toString(), object(object));
        }
        BucketStates states = new BucketStates(root);
        for (BucketStates.Listed bucket : states.list()) {
            BucketState state = states.read(bucket.name()).orElseThrow();
            seen.put(bucket.name().value(), state.status().toString());
            for (UploadRecord upload : uploads.inProgress(bucket.name())) {
                seen.merge(
                        bucket.name() + " upload of " + upload.object().key(),
                        parts(uploads, upload),
                        (a, b) -> a + " and " + b);
            }
        }
        return seen;
    }

    private static String parts(UploadStore uploads, UploadRecord upload) throws IOException {
        List<String> parts = new ArrayList<>();
        try (UploadDirectory u =
                uploads.open(upload.object().bucket(), upload.upload()).orElseThrow()) {
            for (PartRecord part : u.parts().values()) {
                parts.add(part.number().value() + ":" + part.sizeBytes() + ":"
                        + part.md5().value());
            }
        }
        return parts.toString();
    }

    private String object(ObjectId object) throws IOException {
        return switch (new ObjectReader(root).open(object)) {
            case Opened.NoSuchKey _ -> "none";
            case Opened.Found(OpenObject open) -> {
                try (open) {
                    ByteBuffer body = ByteBuffer.allocate((int) open.size());
                    open.read(body, 0);
                    yield new String(body.array(), StandardCharsets.UTF_8)
                            + open.metadata().userMetadata()
                            + open.metadata().tags()
                            + (open.foreign() ? " foreign" : "");
                }
            }
        };
    }

    /**
     * Every file, and every upload's directory, under names that are the same in every run; not the journals. A bucket's
     * empty directories are no objects, and may be a person's: a refused PUT leaves those that it made on the way.
     */
    static SortedSet<String> files(SimulatedDisk disk) throws IOException {
        try (Look look = new Look(disk)) {
            SortedSet<String> files = new TreeSet<>();
            look.walk(".", "", files);
            return files;
        }
    }

    private void walk(String path, String shown, SortedSet<String> into) throws PosixException {
        try (Fd fd = Fd.open(process, root.fd(), path, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH)) {
            for (DirEntry entry : FileIo.list(fd)) {
                String below = path + "/" + entry.name();
                String name = shown + "/" + entry.name();
                if (name.equals("/.linchpin/journal")) {
                    continue;
                }
                boolean directory = entry.type() == DirEntry.DIRECTORY;
                if (!directory || name.startsWith("/.linchpin/uploads")) {
                    into.add(general(name) + (directory ? "/" : ""));
                }
                if (directory) {
                    walk(below, name, into);
                }
            }
        }
    }

    /** Without ids, stamps and incarnations. */
    private static String general(String path) {
        return path.replaceAll("[0-9]{2}-[0-9a-f]{16}", "NODE")
                .replaceAll("([0-9a-f]{64})\\.[0-9a-f]{16}", "$1.STAMP")
                .replaceAll("\\b[0-9a-f]{32}\\b", "ID")
                .replaceAll("(part\\.[0-9]{5}\\.)[0-9a-f]{8}", "$1SEQUENCE");
    }
}
