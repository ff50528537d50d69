package io.linchpin.store.recovery;

import java.util.UUID;

/**
 * The boot and the mount that we live in. Within one, the page cache holds all that dead processes wrote; in another,
 * only what was synced is certain.
 *
 * @param id {@code /proc/sys/kernel/random/boot_id}
 * @param mount of the root: {@code stx_mnt_id} where that is unique within a boot, else what living nodes hand on
 */
public record Boot(UUID id, long mount) {}
