package io.linchpin.store.staging;

/**
 * How uploads are staged.
 *
 * @param inlineLimitBytes data of up to this size is not made durable here, for the journal's record will carry it; 0 to
 *     1 MiB, 64 KiB by default. Every part of a node must use the same one
 * @param reserveBytes free bytes that uploads leave to the journal and to publishing; 64 MiB by default
 * @param reserveInodes free inodes likewise; 1,024 by default
 * @param reflink whether copies may share blocks with their source (FICLONERANGE)
 * @param copyFileRange whether copies may be made by the kernel (copy_file_range: some NFS servers hang on it)
 */
public record StagingSettings(
        int inlineLimitBytes, long reserveBytes, long reserveInodes, boolean reflink, boolean copyFileRange) {
    public static final int MAX_INLINE_LIMIT_BYTES = 1 << 20;

    public static final StagingSettings DEFAULT = new StagingSettings(64 << 10, 64L << 20, 1024, true, true);

    public StagingSettings {
        if (inlineLimitBytes < 0
                || inlineLimitBytes > MAX_INLINE_LIMIT_BYTES
                || reserveBytes < 0
                || reserveInodes < 0) {
            throw new IllegalArgumentException("staging settings out of range");
        }
    }
}
