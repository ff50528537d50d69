package io.linchpin.store.commit;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
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
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Somebody else on the same disk: a reader of the object, and the person who edits files by hand. */
final class Observer {
    private final StoreRoot root;
    private final ObjectTree tree;
    private final ObjectId object;
    private int edits;

    Observer(Posix posix, ObjectId object) {
        try {
            this.root = StoreRoot.open(posix, Path.of("/"));
        } catch (PosixException e) {
            throw new AssertionError(e);
        }
        this.tree = new ObjectTree(root);
        this.object = object;
    }

    StoreRoot root() {
        return root;
    }

    /** What a reader gets: body and metadata, in one instant. */
    History.Seen look() throws IOException {
        Place.Occupied at = tree.look(object).occupied();
        if (at == null) {
            return new History.Seen(null, null);
        }
        String body = read(at.path().toString());
        Optional<String> sidecar = tryRead(Names.sidecar(object, new Stamp(at.mtimeNanos())));
        if (sidecar.isEmpty()) {
            return new History.Seen(body, null);
        }
        Sidecar metadata = SidecarCodec.decode(sidecar.get().getBytes(StandardCharsets.UTF_8));
        return new History.Seen(body, metadata);
    }

    /** Every hand-made content that is still somewhere: in place, displaced, or where a publish is just looking at it. */
    List<String> handMade() throws IOException {
        List<String> found = new ArrayList<>();
        add(found, KeyCodec.natural(object).map(KeyPath::toString).orElseThrow());
        add(found, KeyCodec.escaped(object).toString());
        for (String name : list(Names.DISPLACED)) {
            add(found, Names.DISPLACED + "/" + name);
        }
        for (String incarnation : list(Names.STAGING)) {
            String swap = Names.STAGING + "/" + incarnation + "/" + Swap.DIRECTORY;
            for (String name : list(swap)) {
                add(found, swap + "/" + name);
            }
        }
        return found;
    }

    private void add(List<String> found, String path) throws IOException {
        tryRead(path).filter(c -> c.startsWith("hand-")).ifPresent(found::add);
    }

    /** Puts a file in place by hand, over whatever is there, or removes it. */
    void edit(@Nullable String content) {
        String path = KeyCodec.natural(object).orElseThrow().toString();
        Posix posix = root.posix();
        if (content == null) {
            posix.unlinkat(root.fd(), path, 0);
            return;
        }
        posix.mkdirat(root.fd(), path.substring(0, path.lastIndexOf('/')), 0755);
        String fresh = "edit-" + edits++ + "-" + content;
        int fd = posix.openat2(root.fd(), fresh, Posix.O_WRONLY | Posix.O_CREAT | Posix.O_EXCL, 0600, 0);
        posix.pwrite(fd, ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)), 0);
        posix.fsync(fd);
        posix.close(fd);
        int moved = posix.renameat2(root.fd(), fresh, root.fd(), path, 0);
        if (moved < 0) {
            throw new AssertionError("edit: " + Errno.name(-moved));
        }
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

    private String read(String path) throws IOException {
        return tryRead(path).orElseThrow(() -> new AssertionError("vanished: " + path));
    }

    private Optional<String> tryRead(String path) throws IOException {
        int opened = root.posix().openat2(root.fd(), path, Posix.O_RDONLY, 0, StoreRoot.BENEATH);
        if (opened < 0) {
            return Optional.empty();
        }
        try (Fd fd = Fd.adopt(root.posix(), opened, path)) {
            return Optional.of(new String(FileIo.readSmall(fd, 1 << 20), StandardCharsets.UTF_8));
        }
    }
}
