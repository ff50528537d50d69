package io.linchpin.store.explore;

import static io.linchpin.store.explore.World.KEY;
import static io.linchpin.store.explore.World.NEIGHBOUR;

import io.linchpin.posix.sim.SimulatedCrash;
import io.linchpin.store.commit.Preconditions;
import java.io.IOException;
import java.util.List;

/** Scenarios of more than one owner, one after the other or side by side. */
final class OwnerScenarios {
    private OwnerScenarios() {}

    static List<Scenario> all() {
        return List.of(
                Scenario.of("hand-over", world -> {
                    Tenant one = world.take();
                    one.put(KEY, 2);
                    one.settle();
                    one.giveUp();
                    Tenant two = world.take();
                    two.put(KEY, 3);
                    two.settle();
                    two.giveUp();
                    one.take();
                    one.delete(KEY, 4);
                    one.settle();
                    one.tidy();
                }),
                Scenario.of("hand-over-while-pending", world -> {
                    Tenant one = world.take();
                    Tenant two = world.start();
                    one.put(KEY, 2);
                    one.flush();
                    one.giveUpWhile(() -> {
                        if (two.tryTake(0)) {
                            two.put(KEY, 3);
                            two.settle();
                        }
                        one.node.settle();
                    });
                    if (!two.isOwner(0)) {
                        two.take();
                    }
                    two.put(KEY, 4);
                    two.settle();
                    two.tidy();
                }),
                Scenario.of("second-owner", world -> {
                    Tenant one = world.take();
                    one.put(KEY, 2);
                    one.flush();
                    Tenant two = world.start();
                    if (two.tryTake(0)) {
                        two.put(KEY, 3);
                        two.settle();
                    }
                    one.settle();
                    one.tidy();
                }),
                Scenario.of("staged-elsewhere", world -> {
                    Tenant owner = world.take();
                    Tenant ingress = world.start();
                    owner.put(KEY, 2, Tenant.SMALL_BYTES, Preconditions.NONE, ingress.node);
                    owner.flush();
                    owner.put(KEY, 3, Tenant.LARGE_BYTES, Preconditions.NONE, ingress.node);
                    owner.settle();
                    owner.tidy();
                }),
                Scenario.of(
                        "take-over-of-a-take-over", Scenarios.life(t -> t.put(KEY, 4)), Scenarios.UNRETIRED, world -> {
                            Tenant tenant = world.take();
                            tenant.put(KEY, 2);
                            tenant.flush();
                            tenant.putLarge(KEY, 3);
                            tenant.flush();
                        }),
                Scenario.of("take-back", OwnerScenarios::takeBack).disturbedBy("die"),
                Scenario.of("take-back-beside-another", OwnerScenarios::takeBackBesideAnother)
                        .ofTwoShards(),
                Scenario.of("two-heirs", OwnerScenarios::twoHeirs, world -> {
                            Tenant tenant = world.take();
                            tenant.put(KEY, 1);
                            tenant.putLarge(NEIGHBOUR, 2);
                            tenant.flush();
                            tenant.publishNewest();
                        })
                        .ofTwoShards());
    }

    /** What was retired stays in the journal, for another shard's record before it is not: none of it may come back. */
    private static void takeBackBesideAnother(World world) throws IOException, InterruptedException {
        Tenant one = world.take();
        one.put(NEIGHBOUR, 2);
        one.flush();
        one.put(KEY, 3);
        one.flush();
        one.publishNewest();
        one.giveUp(0);
        Tenant two = world.start();
        two.take(0);
        two.delete(KEY, 4);
        two.settle();
        two.giveUp(0);
        one.take(0);
        one.settle();
        one.tidy();
    }

    /** One journal, two shards: two nodes take one each of a dead one's, and each forgets it when it has its own. */
    private static void twoHeirs(World world) throws IOException {
        Tenant one = world.start();
        Tenant two = world.start();
        one.take(0);
        one.put(KEY, 3);
        one.settle();
        one.checkpoint();
        two.take(1);
        two.delete(NEIGHBOUR, 4);
        one.delete(KEY, 5);
        two.settle();
        one.settle();
        two.checkpoint();
        one.tidy();
    }

    /** Of two nodes one may die; the other, which had owned the shard before, takes it again. */
    private static void takeBack(World world) throws IOException, InterruptedException {
        Tenant one = world.take();
        one.put(KEY, 2);
        one.settle();
        one.giveUp();
        Tenant two = world.startMortal();
        try {
            two.take();
            two.put(KEY, 3);
            two.settle();
            two.delete(KEY, 4);
            two.settle();
            two.put(KEY, 5);
            two.settle();
            two.giveUp();
        } catch (SimulatedCrash crash) {
            world.died(two);
        }
        one.take();
        one.put(KEY, 6);
        one.settle();
        one.tidy();
    }
}
