package io.linchpin.store.read;

import io.linchpin.posix.NativePosix;
import io.linchpin.posix.Posix;
import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.sidecar.SidecarCodec;
import io.linchpin.store.sidecar.Sidecars;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A store on a real directory, into which versions are put as a publish would: sidecar first, then the data by rename. */
public final class StoreFixture implements AutoCloseable {
    public final StoreRoot root;
    private final Path path;
    private final AtomicLong count = new AtomicLong();

    public StoreFixture(Path path) throws IOException {
        this(path, new NativePosix());
    }

    public StoreFixture(Path path, Posix posix) throws IOException {
        this.path = path;
        for (String directory :
                new String[] {Names.STAGING, Names.ODD, Names.SIDECARS, Names.UPLOADS, Names.JOURNAL, Names.DISPLACED
                }) {
            Files.createDirectories(path.resolve(directory));
        }
        root = StoreRoot.open(posix, path);
    }

    public Path at(String relative) {
        return path.resolve(relative);
    }

    public static ObjectId object(String key) {
        return Sidecars.object("bucket", key);
    }

    public static KeyPath preferred(ObjectId object) {
        return KeyCodec.natural(object).orElseGet(() -> KeyCodec.escaped(object));
    }

    /** Publishes a version at the preferred path. */
    public Sidecar put(ObjectId object, Stamp stamp, String body) throws IOException {
        return put(object, preferred(object), stamp, body);
    }

    public Sidecar put(ObjectId object, KeyPath place, Stamp stamp, String body) throws IOException {
        Sidecar sidecar = Sidecars.plain(object, UploadId.of(7, stamp.nanos()), body.length(), md5(body));
        Path meta = at(Names.sidecar(object, stamp));
        Files.createDirectories(at(meta, ".."));
        Files.write(meta, SidecarCodec.encode(sidecar));
        Path data = write(place, body);
        Path fresh = at(".linchpin/fresh-" + count.getAndIncrement());
        Files.writeString(fresh, body);
        Files.setLastModifiedTime(fresh, FileTime.from(stamp.nanos(), TimeUnit.NANOSECONDS));
        Files.move(fresh, data, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return sidecar;
    }

    /** Makes a file by hand. */
    public Path write(KeyPath place, String body) throws IOException {
        Path data = at(place.toString());
        Files.createDirectories(at(data, ".."));
        if (!Files.exists(data)) {
            Files.writeString(data, body);
        }
        return data;
    }

    private static Path at(Path file, String relative) {
        return file.resolve(relative).normalize();
    }

    public static String md5(String body) {
        try {
            byte[] digest = MessageDigest.getInstance("MD5").digest(body.getBytes(StandardCharsets.UTF_8));
            return String.format("%032x", new BigInteger(1, digest));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        root.close();
    }
}
