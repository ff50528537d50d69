package io.linchpin.posix.sim;

import io.linchpin.posix.DirEntry;
import io.linchpin.posix.FileStat;
import io.linchpin.posix.FsStat;
import io.linchpin.posix.Posix;
import java.nio.ByteBuffer;
import java.util.List;

/** Hands every call on: to build upon where a test wants its say in some of them. */
public abstract class ForwardingPosix implements Posix {
    /** Who makes the calls; asked at each. */
    protected abstract Posix delegate();

    @Override
    public int openat2(int dirFd, String path, int flags, int mode, long resolve) {
        return delegate().openat2(dirFd, path, flags, mode, resolve);
    }

    @Override
    public int close(int fd) {
        return delegate().close(fd);
    }

    @Override
    public long pread(int fd, ByteBuffer into, long offset) {
        return delegate().pread(fd, into, offset);
    }

    @Override
    public long pwrite(int fd, ByteBuffer from, long offset) {
        return delegate().pwrite(fd, from, offset);
    }

    @Override
    public int statx(int dirFd, String path, int flags, FileStat into) {
        return delegate().statx(dirFd, path, flags, into);
    }

    @Override
    public int fdatasync(int fd) {
        return delegate().fdatasync(fd);
    }

    @Override
    public int fsync(int fd) {
        return delegate().fsync(fd);
    }

    @Override
    public int syncfs(int fd) {
        return delegate().syncfs(fd);
    }

    @Override
    public int syncFileRange(int fd, long offset, long length, int flags) {
        return delegate().syncFileRange(fd, offset, length, flags);
    }

    @Override
    public int fallocate(int fd, int mode, long offset, long length) {
        return delegate().fallocate(fd, mode, offset, length);
    }

    @Override
    public int ftruncate(int fd, long length) {
        return delegate().ftruncate(fd, length);
    }

    @Override
    public int mkdirat(int dirFd, String path, int mode) {
        return delegate().mkdirat(dirFd, path, mode);
    }

    @Override
    public int unlinkat(int dirFd, String path, int flags) {
        return delegate().unlinkat(dirFd, path, flags);
    }

    @Override
    public int renameat2(int oldDirFd, String oldPath, int newDirFd, String newPath, int flags) {
        return delegate().renameat2(oldDirFd, oldPath, newDirFd, newPath, flags);
    }

    @Override
    public int linkat(int oldDirFd, String oldPath, int newDirFd, String newPath) {
        return delegate().linkat(oldDirFd, oldPath, newDirFd, newPath);
    }

    @Override
    public int futimens(int fd, long mtimeNanos) {
        return delegate().futimens(fd, mtimeNanos);
    }

    @Override
    public int fchmod(int fd, int mode) {
        return delegate().fchmod(fd, mode);
    }

    @Override
    public int fchown(int fd, int uid, int gid) {
        return delegate().fchown(fd, uid, gid);
    }

    @Override
    public int getdents64(int dirFd, List<DirEntry> into) {
        return delegate().getdents64(dirFd, into);
    }

    @Override
    public int rewind(int fd) {
        return delegate().rewind(fd);
    }

    @Override
    public long copyFileRange(int inFd, long inOffset, int outFd, long outOffset, long length) {
        return delegate().copyFileRange(inFd, inOffset, outFd, outOffset, length);
    }

    @Override
    public int ficlonerange(int srcFd, long srcOffset, long length, int destFd, long destOffset) {
        return delegate().ficlonerange(srcFd, srcOffset, length, destFd, destOffset);
    }

    @Override
    public int fstatfs(int fd, FsStat into) {
        return delegate().fstatfs(fd, into);
    }

    @Override
    public int ofdSetLock(int fd) {
        return delegate().ofdSetLock(fd);
    }

    @Override
    public int ofdUnlock(int fd) {
        return delegate().ofdUnlock(fd);
    }

    @Override
    public int ofdGetLock(int fd) {
        return delegate().ofdGetLock(fd);
    }
}
