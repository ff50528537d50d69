package io.linchpin.cluster.shard;

import java.util.EnumMap;
import java.util.Map;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The behaviors of all kinds of owners, by kind. Owners run on {@code linchpin.owner-dispatcher} (bounded, for they do
 * short file operations). An owner is stopped by passivation or hand-over after the messages in its mailbox, unless it asks
 * to end what it is at; what it has submitted to its {@link io.linchpin.store.commit.OwnedShard} outlives it.
 */
public final class OwnerBehaviors {
    private final Map<OwnerKind, OwnerFactory<OwnerCommand>> factories = new EnumMap<>(OwnerKind.class);

    /** Sets a kind's factory. A command that is not of the given type is unhandled. */
    public <C extends OwnerCommand> OwnerBehaviors with(OwnerKind kind, Class<C> commands, OwnerFactory<C> factory) {
        factories.put(
                kind,
                context -> Behaviors.intercept(
                        AtOnce::new,
                        Behaviors.transformMessages(
                                OwnerCommand.class, factory.create(context), pf -> pf.match(commands, c -> c))));
        return this;
    }

    /**
     * The same for a kind that may have to end what it is at before it stops.
     *
     * @param stop what it is told then; it stops itself, within the time that a shard has for being handed over
     */
    public <C extends OwnerCommand> OwnerBehaviors with(
            OwnerKind kind, Class<C> commands, C stop, OwnerFactory<C> factory) {
        factories.put(
                kind,
                context -> Behaviors.transformMessages(
                        OwnerCommand.class,
                        factory.create(context),
                        pf -> pf.match(OwnerStop.class, _ -> stop).match(commands, c -> c)));
        return this;
    }

    private static final class AtOnce extends BehaviorInterceptor<OwnerCommand, OwnerCommand> {
        AtOnce() {
            super(OwnerCommand.class);
        }

        @Override
        public Behavior<OwnerCommand> aroundReceive(
                TypedActorContext<OwnerCommand> context, OwnerCommand message, ReceiveTarget<OwnerCommand> target) {
            return message == OwnerStop.NOW ? Behaviors.stopped() : target.apply(context, message);
        }
    }

    /** The behavior of an owner. */
    Behavior<OwnerCommand> create(OwnerContext context) {
        OwnerFactory<OwnerCommand> factory = factories.get(context.id().kind());
        if (factory == null) {
            throw new IllegalStateException(
                    "no behavior for owners of kind " + context.id().kind());
        }
        return factory.create(context);
    }
}
