package io.linchpin.store.bucket;

import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import java.util.HexFormat;

/** The directories that hold a bucket's sidecars: {@code sidecars/<bucket>/00} to {@code ff}, made all at once. */
final class SidecarDirectories {
    private static final int COUNT = 256;
    private static final int MODE = 0700;

    private final StoreRoot root;

    SidecarDirectories(StoreRoot root) {
        this.root = root;
    }

    /** Makes those that are missing, and all of them durable. */
    void makeAll(BucketName bucket) throws PosixException {
        try (Fd all = Directories.open(root, Names.SIDECARS)) {
            FileIo.mkdirIfAbsent(all, bucket.value(), MODE);
            try (Fd own = all.openDir(bucket.value())) {
                for (int i = 0; i < COUNT; i++) {
                    FileIo.mkdirIfAbsent(own, HexFormat.of().toHexDigits((byte) i), MODE);
                }
                FileIo.fsync(own);
            }
            FileIo.fsync(all);
        }
    }
}
