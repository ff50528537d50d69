package io.linchpin.cluster.shard;

import org.apache.pekko.actor.typed.Behavior;

/**
 * Makes the behavior of one kind of owner.
 *
 * @param <C> its sealed commands
 */
@FunctionalInterface
public interface OwnerFactory<C extends OwnerCommand> {
    Behavior<C> create(OwnerContext context);
}
