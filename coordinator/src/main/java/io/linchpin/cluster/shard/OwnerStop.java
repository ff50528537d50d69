package io.linchpin.cluster.shard;

/**
 * Asks an owner to end: its shard moves, or it is one too many on this node. Told by the shard on the same node; what comes
 * for the owner meanwhile waits there.
 */
public enum OwnerStop implements OwnerCommand {
    NOW
}
