package io.linchpin.cluster.membership;

import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.PeerLock;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The other members' lives, and their node locks: each is opened at the first look and kept until the member is removed, for
 * the files of a dead node may be swept before its death is acted upon.
 *
 * @param <M> names a member
 */
final class Witnesses<M> implements AutoCloseable {
    private final NodeLocks locks;
    private final Troubles troubles;
    private final Map<M, Incarnation> lives = new HashMap<>();
    private final Map<M, PeerLock> opened = new HashMap<>();

    Witnesses(NodeLocks locks, Troubles troubles) {
        this.locks = locks;
        this.troubles = troubles;
    }

    void joined(M member, Incarnation life) {
        lives.put(member, life);
    }

    /** Which life a member is; null where it has not joined. */
    @Nullable
    Incarnation life(M member) {
        return lives.get(member);
    }

    void removed(M member) {
        lives.remove(member);
        PeerLock witness = opened.remove(member);
        if (witness != null) {
            witness.close();
        }
    }

    /** Those whose locks are free. One that cannot be looked at is not among them, and keeps no other from being found. */
    Set<M> free(Collection<M> watched) {
        Set<M> free = new HashSet<>();
        for (M member : watched) {
            try {
                if (isFree(member)) {
                    free.add(member);
                }
            } catch (IOException e) {
                troubles.met("the lock of " + lives.get(member) + " cannot be looked at", e);
            }
        }
        return free;
    }

    private boolean isFree(M member) throws IOException {
        PeerLock witness = opened.get(member);
        if (witness == null) {
            Incarnation life = lives.get(member);
            Optional<PeerLock> found = life == null ? Optional.empty() : locks.watch(life);
            if (found.isEmpty()) {
                // No lock file, no witness: it is not for us to say that it is dead.
                return false;
            }
            witness = found.get();
            opened.put(member, witness);
        }
        return witness.isDead();
    }

    @Override
    public void close() {
        opened.values().forEach(PeerLock::close);
        opened.clear();
    }
}
