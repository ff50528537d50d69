package io.linchpin.cluster.membership;

import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeLocks;
import java.time.Duration;
import org.apache.pekko.actor.setup.Setup;

/** What the downing provider works with, handed to the actor system when it is made, for Pekko makes the provider. */
public final class MembershipSetup extends Setup {
    private final NodeLocks locks;
    private final Fatal fatal;
    private final Duration stuckAfter;
    private final Runnable suicide;

    /**
     * The services of this node's downing provider.
     *
     * @param stuckAfter how long a member whose lock is held may be unreachable before it is downed in membership
     * @param suicide ends this process by SIGKILL
     */
    public MembershipSetup(NodeLocks locks, Fatal fatal, Duration stuckAfter, Runnable suicide) {
        this.locks = locks;
        this.fatal = fatal;
        this.stuckAfter = stuckAfter;
        this.suicide = suicide;
    }

    NodeLocks locks() {
        return locks;
    }

    Fatal fatal() {
        return fatal;
    }

    Duration stuckAfter() {
        return stuckAfter;
    }

    Runnable suicide() {
        return suicide;
    }
}
