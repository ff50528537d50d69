package io.linchpin.store.recovery;

import java.util.UUID;

/**
 * The boot and the mount that we live in. Within one, the page cache holds all that dead processes wrote; in another,
 * only what was synced is certain.
 *
 * @param id {@code /proc/sys/kernel/random/boot_id}
 * @param mount of the root: what living nodes hand on, for each may see it under a number of its own; where there is none,
 *     {@code stx_mnt_id} if that is unique within a boot
 */
public record Boot(UUID id, long mount) {}
