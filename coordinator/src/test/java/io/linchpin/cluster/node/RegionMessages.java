package io.linchpin.cluster.node;

import org.apache.pekko.actor.ActorRef;

/** Messages between Pekko's shard coordinator and its regions, which only Pekko sends: for tests of what it may do wrong. */
final class RegionMessages {
    private static final String INTERNAL = "org.apache.pekko.cluster.sharding.ShardCoordinator$Internal$";

    private RegionMessages() {}

    /** A region that hosts the shard, and is told that another one does, fails. */
    static Object shardHome(int shard, ActorRef region) throws ReflectiveOperationException {
        return Class.forName(INTERNAL + "ShardHome")
                .getConstructor(String.class, ActorRef.class)
                .newInstance(Integer.toString(shard), region);
    }

    /** A region that is told this hosts the shard from then on. */
    static Object hostShard(int shard) throws ReflectiveOperationException {
        return of("HostShard", shard);
    }

    /** A region that hosts the shard stops it. */
    static Object handOff(int shard) throws ReflectiveOperationException {
        return of("HandOff", shard);
    }

    private static Object of(String name, int shard) throws ReflectiveOperationException {
        return Class.forName(INTERNAL + name).getConstructor(String.class).newInstance(Integer.toString(shard));
    }
}
