package io.linchpin.cluster.membership;

import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.cluster.DowningProvider;
import scala.Option;
import scala.concurrent.duration.Duration;
import scala.concurrent.duration.FiniteDuration;

/**
 * Downs a member when, and only when, the kernel has let go of its node lock: its process is certainly gone, and so is
 * every system call that it had in flight. A member that is merely slow keeps its lock, however long. See {@link
 * DowningActor} for the stuck ones, which are downed in membership only.
 */
public final class KernelWitness extends DowningProvider {
    static final String DISPATCHER = "linchpin.witness-dispatcher";

    private final MembershipSetup setup;

    /** Called by Pekko. */
    public KernelWitness(ActorSystem system) {
        this.setup = system.settings()
                .setup()
                .get(MembershipSetup.class)
                .orElseThrow(() -> new IllegalStateException("the actor system was made without MembershipSetup"));
    }

    /** None: the lock of a shard, not a span of time, keeps two owners apart. */
    @Override
    public FiniteDuration downRemovalMargin() {
        return Duration.Zero();
    }

    @Override
    public Option<Props> downingActorProps() {
        return Option.apply(Props.create(DowningActor.class, () -> new DowningActor(setup, System::nanoTime))
                .withDispatcher(DISPATCHER));
    }
}
