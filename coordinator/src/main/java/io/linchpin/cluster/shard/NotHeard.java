package io.linchpin.cluster.shard;

import io.linchpin.cluster.wire.WireMessage;

/**
 * In place of an answer: this very message reached no owner, and none will ever see it.
 *
 * @param why what became of it
 */
public record NotHeard(String why) implements WireMessage {}
