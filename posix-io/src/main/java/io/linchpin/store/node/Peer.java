package io.linchpin.store.node;

import io.linchpin.store.value.Incarnation;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node, as its files show it at one moment.
 *
 * @param info null where it has not said anything yet, or its file cannot be read
 * @param alive whether its lock is held
 * @param fenced whether it has been told to end itself
 */
public record Peer(Incarnation incarnation, @Nullable NodeInfo info, boolean alive, boolean fenced) {
    /** Whether a new node may join the cluster through it. */
    public boolean isJoinable() {
        return alive && !fenced && info != null && info.state() == NodeInfo.State.JOINED;
    }
}
