package io.linchpin.cluster.shard;

import io.linchpin.cluster.wire.WireMessage;

/**
 * A message to an owner. Each kind of owner has one sealed interface of its own below this: it is not sealed itself only
 * because they live in packages of their own.
 */
public interface OwnerCommand extends WireMessage {}
