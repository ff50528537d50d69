package io.linchpin.store.staging;

import io.linchpin.store.layout.Names;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * What the owner of a key is told of a staged upload: enough to open the very files and to know them again.
 *
 * @param id names the files: {@code <id>.data} and {@code <id>.meta}
 * @param stagedBy whose staging directory holds them
 * @param inode of the data
 * @param size of the data, bytes
 * @param durable whether data, sidecar and both names have been synced
 * @param sidecarBytes the sidecar's document; staged too where {@link #isSidecarStaged}
 */
public record StagedPair(
        UploadId id, Incarnation stagedBy, long inode, long size, boolean durable, byte[] sidecarBytes) {
    /** A sidecar up to this size travels in the message to the owner; a cluster message holds 256 KiB. */
    public static final int MAX_SIDECAR_IN_MESSAGE_BYTES = 16 * 1024;

    /**
     * Whether there is a file of the sidecar. Of small data it travels with the message and the record, and is first
     * written under its stamped name: a file's making and a move fewer for each small upload. The sidecar of large data
     * is staged whatever its size: its absence tells an owner that is asked again that somebody has judged.
     */
    public static boolean isSidecarStaged(boolean durable, int sidecarBytes) {
        return durable || sidecarBytes > MAX_SIDECAR_IN_MESSAGE_BYTES;
    }

    /** The sidecar as it goes into the message, or null where the owner reads the staged one. */
    public byte @Nullable [] sidecarInMessage() {
        return inMessage(sidecarBytes);
    }

    /** The sidecar as it goes into the message, or null where it is too large for one. */
    public static byte @Nullable [] inMessage(byte[] sidecar) {
        return sidecar.length <= MAX_SIDECAR_IN_MESSAGE_BYTES ? sidecar : null;
    }

    /**
     * Removes a pair that was given away and has come back: its mutation was refused, or certainly was not judged and
     * never will be. What cannot be unlinked goes with its incarnation's staging directory.
     */
    public static void discard(StoreRoot root, Incarnation stagedBy, UploadId id) {
        String staging = Names.staging(stagedBy) + "/";
        root.posix().unlinkat(root.fd(), staging + Names.stagedData(id), 0);
        root.posix().unlinkat(root.fd(), staging + Names.stagedSidecar(id), 0);
    }
}
