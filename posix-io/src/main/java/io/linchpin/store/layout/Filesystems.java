package io.linchpin.store.layout;

import io.linchpin.posix.FsStat;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * Filesystem types by their magic number, and what is known of their syncfs.
 *
 * <p>A checkpoint relies on two promises of syncfs: when it returns, every file and every directory entry changed before
 * it is durable; and it fails when anything could not be written. Local filesystems with one cache and one device keep
 * both. FUSE passes syncfs on only in some configurations, NFS and other network filesystems sync what this client has
 * cached but leave the rest to their servers' export options, and overlay passes it on to a filesystem that we cannot
 * see (and, mounted volatile, not at all): there each file and each directory is fsynced.
 */
record Filesystems(String name, boolean syncfsKeepsItsPromises) {
    private static final Map<Long, Filesystems> KNOWN = new HashMap<>();

    static {
        trusted(0xEF53L, "ext4");
        trusted(0x58465342L, "xfs");
        trusted(FsStat.BTRFS, "btrfs");
        // Nothing of tmpfs survives a power cut, so no sync of it promises anything: for tests.
        trusted(0x01021994L, "tmpfs");
        others(0x65735546L, "FUSE");
        others(0x6969L, "NFS");
        others(0x01021997L, "9p");
        others(0x794C7630L, "overlay");
        others(0xFF534D42L, "CIFS");
        others(0xFE534D42L, "SMB");
        others(0x00C36400L, "Ceph");
        others(0x19830326L, "BeeGFS");
        others(0x0BD00BD0L, "Lustre");
        others(0x01161970L, "GFS2");
        others(0x7461636FL, "OCFS2");
        others(0x47504653L, "GPFS");
        others(0x2FC12FC1L, "ZFS");
        others(0xF2F52010L, "F2FS");
        others(0xCA451A4EL, "bcachefs");
        others(0xF15FL, "eCryptfs");
        others(0x4D44L, "FAT");
        others(0x2011BAB0L, "exFAT");
        others(0x5346544EL, "NTFS");
    }

    private static void trusted(long magic, String name) {
        KNOWN.put(magic, new Filesystems(name, true));
    }

    private static void others(long magic, String name) {
        KNOWN.put(magic, new Filesystems(name, false));
    }

    /** @param magic {@code f_type}; its low 32 bits count */
    static Filesystems of(long magic) {
        long low = magic & 0xFFFFFFFFL;
        Filesystems known = KNOWN.get(low);
        return known != null
                ? known
                : new Filesystems("type 0x" + HexFormat.of().toHexDigits(low, 8), false);
    }
}
