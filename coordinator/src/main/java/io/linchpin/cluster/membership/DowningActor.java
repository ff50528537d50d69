package io.linchpin.cluster.membership;

import io.linchpin.posix.PosixException;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.node.PeerLock;
import io.linchpin.store.value.Incarnation;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
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
    private final Map<UniqueAddress, PeerLock> witnesses = new HashMap<>();
    private final Map<UniqueAddress, Incarnation> lives = new HashMap<>();
    private int looks;

    DowningActor(MembershipSetup setup, LongSupplier nanoClock) {
        this.setup = setup;
        this.locks = setup.locks();
        this.nanoClock = nanoClock;
        this.verdicts = new Verdicts<>(setup.stuckAfter());
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
        witnesses.values().forEach(PeerLock::close);
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
        if (address.equals(cluster.selfUniqueAddress()) || lives.containsKey(address)) {
            return;
        }
        Optional<Incarnation> life = Roles.incarnation(member);
        if (life.isEmpty()) {
            LOG.error("member {} does not say which node it is: its death will not be noticed", member);
            return;
        }
        lives.put(address, life.get());
        verdicts.joined(address);
    }

    private void removed(Member member) {
        UniqueAddress address = member.uniqueAddress();
        verdicts.removed(address);
        lives.remove(address);
        PeerLock witness = witnesses.remove(address);
        if (witness != null) {
            witness.close();
        }
    }

    private void look() throws IOException {
        obeyFence();
        Set<UniqueAddress> free = new HashSet<>();
        for (UniqueAddress address : verdicts.watched()) {
            if (isFree(address)) {
                free.add(address);
            }
        }
        for (Verdicts.Judged<UniqueAddress> judged : verdicts.look(nanoClock.getAsLong(), free)) {
            switch (judged.verdict()) {
                case DEAD -> downDead(judged.member());
                case FENCE -> fence(judged.member());
            }
        }
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

    private boolean isFree(UniqueAddress address) throws IOException {
        PeerLock witness = witnesses.get(address);
        if (witness == null) {
            Incarnation life = lives.get(address);
            Optional<PeerLock> opened = life == null ? Optional.empty() : locks.watch(life);
            if (opened.isEmpty()) {
                // No lock file, no witness: it is not for us to say that it is dead.
                return false;
            }
            witness = opened.get();
            witnesses.put(address, witness);
        }
        try {
            return witness.isDead();
        } catch (PosixException e) {
            LOG.error("cannot look at the lock of {}", witness.incarnation(), e);
            return false;
        }
    }

    private void downDead(UniqueAddress address) {
        LOG.info("node {} at {} is dead: its lock is free", lives.get(address), address.address());
        ExtendedActorSystem system = (ExtendedActorSystem) getContext().getSystem();
        ((RemoteActorRefProvider) system.provider())
                .quarantine(address.address(), Option.apply(address.longUid()), "its process is gone");
        cluster.down(address.address());
    }

    private void fence(UniqueAddress address) throws IOException {
        Incarnation life = lives.get(address);
        if (life == null) {
            return;
        }
        if (!locks.fence(life)) {
            verdicts.notFenced(address);
            return;
        }
        LOG.warn("node {} at {} does not answer, but lives: fenced, its shards stay shut", life, address.address());
        cluster.down(address.address());
    }
}
