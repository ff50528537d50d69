package io.linchpin.cluster.shard;

import io.linchpin.store.commit.OwnedShard;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The shards that this node owns at this moment: from the end of their take-over to the closing of their gate. */
public final class OwnedShards {
    private final ConcurrentHashMap<Integer, OwnedShard> shards = new ConcurrentHashMap<>();

    public Optional<OwnedShard> find(int shard) {
        return Optional.ofNullable(shards.get(shard));
    }

    public Collection<OwnedShard> all() {
        return List.copyOf(shards.values());
    }

    void add(OwnedShard shard) {
        if (shards.putIfAbsent(shard.number(), shard) != null) {
            throw new IllegalStateException("shard " + shard.number() + " is owned twice");
        }
    }

    void remove(OwnedShard shard) {
        shards.remove(shard.number(), shard);
    }
}
