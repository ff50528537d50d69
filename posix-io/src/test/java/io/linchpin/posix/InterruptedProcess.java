package io.linchpin.posix;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Makes each call a few times in a directory, and says "ok" where none failed: run where calls are interrupted. */
final class InterruptedProcess {
    private static final int TIMES = 4;

    private InterruptedProcess() {}

    public static void main(String[] arguments) throws PosixException {
        try (Fd dir = Fd.openRoot(new NativePosix(), arguments[0])) {
            for (int i = 0; i < TIMES; i++) {
                eachCall(dir, "a" + i, "b" + i);
            }
        }
        System.out.println("ok");
    }

    private static void eachCall(Fd dir, String a, String b) throws PosixException {
        Posix posix = dir.posix();
        byte[] text = "interrupted".getBytes(StandardCharsets.US_ASCII);
        FileIo.mkdirIfAbsent(dir, "d" + a, 0700);
        try (Fd file = FileIo.createSmall(dir, a, 0600, text);
                Fd copy = FileIo.createSmall(dir, b, 0600, new byte[0])) {
            check(posix.fallocate(file.number(), Posix.FALLOC_FL_KEEP_SIZE, 0, 4096), "fallocate");
            check(posix.syncFileRange(file.number(), 0, 1, Posix.SYNC_FILE_RANGE_WRITE), "sync_file_range");
            FileIo.fdatasync(file);
            FileIo.fsync(file);
            FileIo.syncfs(file);
            check(posix.fchmod(file.number(), 0640), "fchmod");
            check(posix.fchown(file.number(), -1, -1), "fchown");
            check(posix.futimens(file.number(), 1_000_000_000L), "futimens");
            check(posix.fstatfs(file.number(), new FsStat()), "fstatfs");
            check(posix.ofdSetLock(file.number()), "fcntl");
            check(posix.ofdUnlock(file.number()), "fcntl");
            long copied = PosixException.check(
                    posix.copyFileRange(file.number(), 0, copy.number(), 0, text.length), "copy_file_range", b);
            check(posix.ftruncate(copy.number(), copied), "ftruncate");
            ByteBuffer read = ByteBuffer.allocate(text.length);
            if (FileIo.readFully(file, read, 0) != text.length
                    || !ByteBuffer.wrap(text).equals(read.flip())) {
                throw new PosixException(Errno.EIO, "pread", a);
            }
        }
        check(posix.linkat(dir.number(), a, dir.number(), "l" + a), "linkat");
        FileIo.rename(dir, a, dir, b, Posix.RENAME_EXCHANGE);
        if (FileIo.statIfPresent(dir, b).orElseThrow().size != text.length) {
            throw new PosixException(Errno.EIO, "renameat2", b);
        }
        List<DirEntry> entries = new ArrayList<>(FileIo.list(dir));
        if (entries.stream().noneMatch(e -> e.name().equals("l" + a)) || !FileIo.unlinkIfPresent(dir, "l" + a)) {
            throw new PosixException(Errno.ENOENT, "getdents64", a);
        }
    }

    private static void check(int result, String call) throws PosixException {
        PosixException.check(result, call, "");
    }
}
