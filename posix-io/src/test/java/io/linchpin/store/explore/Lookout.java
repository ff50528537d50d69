package io.linchpin.store.explore;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.ObjectTree;
import io.linchpin.store.layout.Place;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.publish.Swap;
import io.linchpin.store.read.ObjectReader;
import io.linchpin.store.read.OpenObject;
import io.linchpin.store.read.Opened;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Somebody else on the same disk, in a process of its own: reads with the real reader, and looks into every corner. */
final class Lookout {
    private final StoreRoot root;
    private final ObjectReader reader;

    Lookout(Posix posix) throws PosixException {
        this.root = StoreRoot.open(posix, Path.of("/"));
        this.reader = new ObjectReader(root);
    }

    StoreRoot root() {
        return root;
    }

    /** What a reader gets. */
    Seen look(ObjectId object) throws IOException {
        if (!(reader.open(object) instanceof Opened.Found(OpenObject found))) {
            return Seen.NOTHING;
        }
        try (found) {
            ByteBuffer bytes = ByteBuffer.allocate((int) found.size());
            found.read(bytes, 0);
            String body = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            return new Seen(body, found.foreign() ? null : found.metadata());
        }
    }

    /** Every hand-made content that is still somewhere: in place, displaced, or where a publish is just looking at it. */
    List<String> handMade(Collection<ObjectId> objects) throws IOException {
        List<String> found = new ArrayList<>();
        for (ObjectId object : objects) {
            addHandMade(found, KeyCodec.natural(object).map(KeyPath::toString).orElseThrow());
            addHandMade(found, KeyCodec.escaped(object).toString());
        }
        for (String name : list(Names.DISPLACED)) {
            addHandMade(found, Names.DISPLACED + "/" + name);
        }
        for (String incarnation : list(Names.STAGING)) {
            String swap = Names.STAGING + "/" + incarnation + "/" + Swap.DIRECTORY;
            for (String name : list(swap)) {
                addHandMade(found, swap + "/" + name);
            }
        }
        return found;
    }

    private void addHandMade(List<String> found, String path) throws IOException {
        read(path).filter(Bodies::isHandMade).map(Bodies::headOf).ifPresent(found::add);
    }

    /** What belongs to nobody: the store must be at rest, swept, with one owner of that incarnation. */
    List<String> leftovers(Collection<ObjectId> objects, Set<Incarnation> living) throws IOException {
        Set<String> expected = new HashSet<>();
        List<String> result = new ArrayList<>();
        Set<String> directories = new HashSet<>();
        ObjectTree tree = new ObjectTree(root);
        for (ObjectId object : objects) {
            Place.Occupied at = tree.look(object).occupied();
            if (at != null) {
                expected.add(Names.sidecar(object, new Stamp(at.mtimeNanos())));
            }
            directories.add(Names.sidecarDirectory(object.bucket(), Names.keyHash(object)));
        }
        for (String directory : directories) {
            for (String name : list(directory)) {
                if (!expected.contains(directory + "/" + name)) {
                    result.add(directory + "/" + name);
                }
            }
        }
        for (String incarnation : list(Names.STAGING)) {
            String staging = Names.staging(new Incarnation(incarnation));
            if (!living.contains(new Incarnation(incarnation))) {
                result.add(staging);
            }
            for (String name : list(staging)) {
                if (!name.equals(Swap.DIRECTORY)) {
                    result.add(staging + "/" + name);
                }
            }
            list(staging + "/" + Swap.DIRECTORY).forEach(n -> result.add(staging + "/" + Swap.DIRECTORY + "/" + n));
        }
        for (String name : list(Names.DISPLACED)) {
            if (read(Names.DISPLACED + "/" + name).filter(Bodies::isHandMade).isEmpty()) {
                result.add(Names.DISPLACED + "/" + name);
            }
        }
        return result;
    }

    /** Names of the staged sidecars there are, of whichever incarnation. */
    List<String> stagedSidecars() throws IOException {
        List<String> found = new ArrayList<>();
        for (String incarnation : list(Names.STAGING)) {
            list(Names.STAGING + "/" + incarnation).stream()
                    .filter(name -> name.endsWith(".meta"))
                    .forEach(found::add);
        }
        return found;
    }

    /** The incarnations of which there is a staging directory or a journal. */
    Set<Incarnation> incarnations() throws IOException {
        Set<Incarnation> all = new HashSet<>();
        list(Names.STAGING).forEach(n -> all.add(new Incarnation(n)));
        list(Names.JOURNAL).forEach(n -> all.add(new Incarnation(n)));
        return all;
    }

    private List<String> list(String path) throws IOException {
        int opened = root.openDirectory(path);
        if (opened < 0) {
            return List.of();
        }
        try (Fd directory = Fd.adopt(root.posix(), opened, path)) {
            return FileIo.list(directory).stream().map(DirEntry::name).toList();
        }
    }

    private Optional<String> read(String path) throws IOException {
        int opened = root.posix().openat2(root.fd(), path, Posix.O_RDONLY, 0, StoreRoot.BENEATH);
        if (opened < 0) {
            return Optional.empty();
        }
        try (Fd fd = Fd.adopt(root.posix(), opened, path)) {
            return Optional.of(new String(FileIo.readSmall(fd, 1 << 20), StandardCharsets.UTF_8));
        }
    }
}
