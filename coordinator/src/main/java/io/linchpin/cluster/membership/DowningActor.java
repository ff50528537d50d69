package io.linchpin.cluster.membership;

import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.ClusterEvent;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.UniqueAddress;
import org.apache.pekko.remote.RemoteActorRefProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;

/**
 * Looks at the other members' node locks every {@link #LOOK}, and at this node's own fence, on a thread of its own.
 *
 * <p>A member whose lock is free is quarantined and downed: quarantine marks it as terminated, so that its removal waits
 * for no failure detector. A member to be fenced gets a fence file first and is then downed in membership; its shards
 * stay locked until its process has ended.
 */
final class DowningActor extends AbstractActorWithTimers {
    static final Duration LOOK = Duration.ofMillis(50);
    private static final int LOOKS_PER_INTACT_CHECK = 20;
    private static final Logger LOG = LoggerFactory.getLogger(DowningActor.class);

    private enum Look {
        NOW
    }

    private final NodeLocks locks;
    private final MembershipSetup setup;
    private final LongSupplier nanoClock;
    private final Cluster cluster = Cluster.get(getContext().getSystem());
    private final Verdicts<UniqueAddress> verdicts;
    private final Troubles troubles = new Troubles();
    private final Witnesses<UniqueAddress> witnesses;
    private int looks;

    DowningActor(MembershipSetup setup, LongSupplier nanoClock) {
        this.setup = setup;
        this.locks = setup.locks();
        this.nanoClock = nanoClock;
        this.verdicts = new Verdicts<>(setup.stuckAfter());
        this.witnesses = new Witnesses<>(locks, troubles);
    }

    @Override
    public void preStart() {
        cluster.subscribe(
                getSelf(),
                ClusterEvent.initialStateAsEvents(),
                ClusterEvent.MemberEvent.class,
                ClusterEvent.ReachabilityEvent.class);
        getTimers().startTimerWithFixedDelay(Look.NOW, Look.NOW, LOOK);
    }

    @Override
    public void postStop() {
        cluster.unsubscribe(getSelf());
        witnesses.close();
    }

    @Override
    public Receive createReceive() {
        return receiveBuilder()
                .match(Look.class, _ -> look())
                .match(ClusterEvent.MemberRemoved.class, event -> removed(event.member()))
                .match(ClusterEvent.MemberEvent.class, event -> joined(event.member()))
                .match(
                        ClusterEvent.UnreachableMember.class,
                        event -> verdicts.unreachable(event.member().uniqueAddress(), nanoClock.getAsLong()))
                .match(
                        ClusterEvent.ReachableMember.class,
                        event -> verdicts.reachable(event.member().uniqueAddress()))
                .build();
    }

    private void joined(Member member) {
        UniqueAddress address = member.uniqueAddress();
        if (address.equals(cluster.selfUniqueAddress()) || witnesses.life(address) != null) {
            return;
        }
        Optional<Incarnation> life = Roles.incarnation(member);
        if (life.isEmpty()) {
            LOG.error("member {} does not say which node it is: its death will not be noticed", member);
            return;
        }
        witnesses.joined(address, life.get());
        verdicts.joined(address);
    }

    private void removed(Member member) {
        UniqueAddress address = member.uniqueAddress();
        verdicts.removed(address);
        witnesses.removed(address);
    }

    /** Throws nothing: an actor that fails forgets what it has seen, and closes its witnesses. */
    private void look() {
        try {
            obeyFence();
        } catch (IOException e) {
            troubles.met("this node's own lock cannot be looked at", e);
        }
        Set<UniqueAddress> free = witnesses.free(verdicts.watched());
        for (Verdicts.Judged<UniqueAddress> judged : verdicts.look(nanoClock.getAsLong(), free)) {
            switch (judged.verdict()) {
                case DEAD -> downDead(judged.member());
                case FENCE -> fence(judged.member());
            }
        }
        troubles.looked();
    }

    private void obeyFence() throws IOException {
        if (locks.isFenced(locks.self())) {
            LOG.error("others have gone on without this node: it ends itself");
            setup.suicide().run();
        }
        if (looks++ % LOOKS_PER_INTACT_CHECK == 0 && !locks.isIntact()) {
            setup.fatal().stop("this node's lock file was removed: others must take it for dead", null);
        }
    }

    private void downDead(UniqueAddress address) {
        LOG.info("node {} at {} is dead: its lock is free", witnesses.life(address), address.address());
        ExtendedActorSystem system = (ExtendedActorSystem) getContext().getSystem();
        ((RemoteActorRefProvider) system.provider())
                .quarantine(address.address(), Option.apply(address.longUid()), "its process is gone");
        cluster.down(address.address());
    }

    private void fence(UniqueAddress address) {
        Incarnation life = witnesses.life(address);
        if (life == null) {
            return;
        }
        boolean fenced = false;
        try {
            fenced = locks.fence(life);
        } catch (IOException e) {
            troubles.met("node " + life + " cannot be fenced", e);
        }
        if (!fenced) {
            verdicts.notFenced(address);
            return;
        }
        LOG.warn("node {} at {} does not answer, but lives: fenced, its shards stay shut", life, address.address());
        cluster.down(address.address());
    }
}
