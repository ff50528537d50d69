package io.linchpin.store.layout;

/**
 * What the filesystem under the root can do, as {@link Probe} found it.
 *
 * @param exchange whether renameat2 takes RENAME_EXCHANGE; without it a publish looks and then renames over, and a file
 *     that a person saves in between is lost
 * @param trustSyncfs whether one syncfs(2) makes everything durable and reports what failed; else a checkpoint fsyncs
 *     each file and directory
 * @param fsType {@code f_type}, as in linux/magic.h
 * @param fsName what people call that type
 * @param device of the root, as statx names it
 * @param mountId of the root
 * @param mountIdIsUnique whether no later mount of this boot has that number too
 * @param bootId names this boot of the machine
 */
public record StoreCapabilities(
        boolean exchange,
        boolean trustSyncfs,
        long fsType,
        String fsName,
        long device,
        long mountId,
        boolean mountIdIsUnique,
        String bootId) {}
