/**
 * Who owns what: entities, the shards that hold them, and the lease that lets a shard live in one process only.
 *
 * <p>One sharded entity type carries every kind of owner, so that one kernel lock a shard protects them all.
 */
@NullMarked
package io.linchpin.cluster.shard;

import org.jspecify.annotations.NullMarked;
