package io.linchpin.store.explore;

import static io.linchpin.store.explore.World.KEY;

import io.linchpin.store.commit.Preconditions;
import java.util.ArrayList;
import java.util.List;

/** All scenarios: each once with syncfs trusted, and once without. */
final class Scenarios {
    private static final String OTHER = "other";
    private static final int SEGMENT_THIRD_BYTES = 20_000;

    /** An object that was put in a life that ended in peace: retired, and the shard handed over. */
    private static final Scenario.Script RETIRED = world -> {
        Tenant tenant = world.take();
        tenant.put(KEY, 1);
        tenant.settle();
        tenant.tidy();
        tenant.giveUp();
    };

    /** An object whose record is still in the journal of a node that was killed. */
    static final Scenario.Script UNRETIRED = world -> {
        Tenant tenant = world.take();
        tenant.put(KEY, 1);
        tenant.settle();
    };

    private static final Scenario.Script UNRETIRED_LARGE = world -> {
        Tenant tenant = world.take();
        tenant.putLarge(KEY, 1);
        tenant.settle();
    };

    private Scenarios() {}

    static List<Scenario> all() {
        List<Scenario> all = new ArrayList<>();
        for (List<Scenario> group : List.of(single(), racing(), OwnerScenarios.all(), byHand(), faults())) {
            for (Scenario each : group) {
                all.add(each);
                all.add(each.withoutSyncfs());
            }
        }
        return all;
    }

    static Scenario named(String name) {
        return all().stream()
                .filter(s -> s.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no scenario " + name));
    }

    /** What a tenant does between its taking of the shard and its rest. */
    interface Act {
        void run(Tenant tenant) throws java.io.IOException;
    }

    static Scenario.Script life(Act act) {
        return world -> {
            Tenant tenant = world.take();
            act.run(tenant);
            tenant.settle();
            tenant.tidy();
        };
    }

    private static List<Scenario> single() {
        return List.of(
                Scenario.of("put-new", life(t -> t.put(KEY, 2))),
                Scenario.of("put-new-large", life(t -> t.putLarge(KEY, 2))),
                Scenario.of("put-over", life(t -> t.put(KEY, 2)), UNRETIRED),
                Scenario.of("put-over-retired", life(t -> t.put(KEY, 2)), RETIRED),
                Scenario.of("put-over-large", life(t -> t.putLarge(KEY, 2)), UNRETIRED_LARGE),
                Scenario.of("delete", life(t -> t.delete(KEY, 2)), RETIRED),
                Scenario.of("delete-large", life(t -> t.delete(KEY, 2)), UNRETIRED_LARGE),
                Scenario.of("copy", life(t -> t.copy(KEY, OTHER, 2, Bodies.head(1))), RETIRED),
                Scenario.of("copy-large", life(t -> t.copy(KEY, OTHER, 2, Bodies.head(1))), UNRETIRED_LARGE),
                Scenario.of("copy-onto-itself", life(t -> t.copy(KEY, KEY, 2, Bodies.head(1))), UNRETIRED),
                Scenario.of("tags", life(t -> t.tag(KEY, 2)), RETIRED),
                Scenario.of(
                        "tags-twice",
                        life(t -> {
                            t.tag(KEY, 2);
                            t.settle();
                            t.tag(KEY, 3);
                        }),
                        UNRETIRED),
                Scenario.of("multipart", life(t -> new Multipart(t, 5).run())).then(world -> {
                    Tenant tenant = world.take();
                    new Multipart(tenant, 5).run();
                    tenant.settle();
                    tenant.tidy();
                }),
                Scenario.of("multipart-taken-up-late", life(t -> new Multipart(t, 5).run()))
                        .then(world -> {
                            Tenant tenant = world.take();
                            tenant.tidy();
                            new Multipart(tenant, 5).run();
                            tenant.settle();
                            tenant.tidy();
                        }),
                Scenario.of(
                        "file-and-directory",
                        life(t -> {
                            t.put("dir", 2);
                            t.settle();
                            t.delete(KEY, 3);
                            t.settle();
                            t.put("dir", 4);
                        }),
                        UNRETIRED));
    }

    private static List<Scenario> racing() {
        return List.of(
                Scenario.of(
                        "put+put-one-group",
                        life(t -> {
                            t.put(KEY, 2);
                            t.put(KEY, 3);
                        }),
                        UNRETIRED),
                Scenario.of(
                        "large+put-one-group",
                        life(t -> {
                            t.putLarge(KEY, 2);
                            t.put(KEY, 3);
                        }),
                        UNRETIRED),
                Scenario.of(
                        "put+put-two-groups",
                        life(t -> {
                            t.put(KEY, 2);
                            t.flush();
                            t.putLarge(KEY, 3);
                            t.publish();
                        }),
                        UNRETIRED),
                Scenario.of(
                        "put+put-one-publish",
                        life(t -> {
                            t.putLarge(KEY, 2);
                            t.flush();
                            t.put(KEY, 3);
                            t.flush();
                        }),
                        RETIRED),
                Scenario.of(
                        "put+delete-one-group",
                        life(t -> {
                            t.put(KEY, 2);
                            t.delete(KEY, 3);
                        }),
                        UNRETIRED),
                Scenario.of(
                        "delete+put-two-groups",
                        life(t -> {
                            t.delete(KEY, 2);
                            t.flush();
                            t.put(KEY, 3);
                            t.publish();
                        }),
                        UNRETIRED),
                Scenario.of(
                        "put+tag",
                        life(t -> {
                            t.put(KEY, 2);
                            t.tag(KEY, 3);
                            t.flush();
                            t.tag(KEY, 4);
                        }),
                        UNRETIRED),
                Scenario.of(
                        "two-keys-one-turn",
                        life(t -> {
                            t.put(KEY, 2);
                            t.put(OTHER, 3);
                            t.delete(KEY, 4);
                            t.flushAndPublishTogether();
                        }),
                        UNRETIRED),
                Scenario.of("refusal", life(t -> {
                    t.put(KEY, 2);
                    t.create(KEY, 3);
                    t.flush();
                    t.create(KEY, 4);
                    t.publish();
                })),
                Scenario.of(
                        "checkpoint-between",
                        life(t -> {
                            t.put(KEY, 2);
                            t.settle();
                            t.put(KEY, 3);
                            t.flush();
                            t.checkpoint();
                        }),
                        UNRETIRED),
                Scenario.of("segments", Scenarios::segments).inlineUpTo(32 << 10));
    }

    /** A record that waits in the first segment while the second holds only published ones. */
    private static void segments(World world) throws java.io.IOException {
        Tenant tenant = world.take();
        tenant.put(KEY, 2);
        tenant.flush();
        for (int op = 3; op < 7; op++) {
            tenant.put(OTHER, op, SEGMENT_THIRD_BYTES, Preconditions.NONE, tenant.node);
            tenant.flush();
            tenant.publishNewest();
        }
        tenant.checkpoint();
        tenant.settle();
        tenant.tidy();
    }

    private static void bucketMadeAnew(World world, boolean large) throws java.io.IOException {
        Tenant tenant = world.take();
        if (large) {
            tenant.putLarge(KEY, 2);
        } else {
            tenant.put(KEY, 2);
        }
        tenant.settle();
        world.makeBucketAnew(tenant);
        tenant.tidy();
    }

    private static void goOnInTheBucketThereIs(World world) throws java.io.IOException {
        Tenant tenant = world.take();
        world.seeBucket(tenant);
        tenant.put(KEY, world.life * 10);
        tenant.settle();
        tenant.tidy();
    }

    private static List<Scenario> byHand() {
        return List.of(
                Scenario.of("put-new-by-hand", life(t -> t.put(KEY, 2))).disturbedBy("rm"),
                Scenario.of("put-over-by-hand", life(t -> t.put(KEY, 2)), UNRETIRED)
                        .disturbedBy("rm", "new", "write"),
                Scenario.of("put-large-by-hand", life(t -> t.putLarge(KEY, 2)), RETIRED)
                        .disturbedBy("rm", "new", "write"),
                Scenario.of("delete-by-hand", life(t -> t.delete(KEY, 2)), UNRETIRED)
                        .disturbedBy("rm", "new", "write"),
                Scenario.of("bucket-made-anew", world -> bucketMadeAnew(world, false))
                        .then(Scenarios::goOnInTheBucketThereIs),
                Scenario.of("bucket-made-anew-large", world -> bucketMadeAnew(world, true))
                        .then(Scenarios::goOnInTheBucketThereIs),
                Scenario.of("tag-by-hand", life(t -> t.tag(KEY, 2)), RETIRED).disturbedBy("rm", "new", "write"));
    }

    /** What is durable cannot be published; what takes it back becomes durable record by record. */
    private static void refusePublishing(Tenant tenant) throws java.io.IOException {
        tenant.refuse(true);
        tenant.publish();
        for (int record = 0; record < 3; record++) {
            tenant.flushOne();
        }
        tenant.refuse(false);
    }

    private static List<Scenario> faults() {
        return List.of(
                Scenario.of(
                        "void",
                        life(t -> {
                            t.put(KEY, 2);
                            t.flush();
                            t.put(KEY, 3);
                            refusePublishing(t);
                        }),
                        RETIRED),
                Scenario.of(
                        "void-large+tag",
                        life(t -> {
                            t.putLarge(KEY, 2);
                            t.tag(KEY, 3);
                            t.flush();
                            refusePublishing(t);
                        }),
                        UNRETIRED),
                Scenario.of("put-over-failed-sync", life(t -> t.put(KEY, 2)), UNRETIRED)
                        .disturbedBy("eio"),
                Scenario.of("put-large-failed-sync", life(t -> t.putLarge(KEY, 2)), RETIRED)
                        .disturbedBy("eio"),
                Scenario.of("hand-over-failed-sync", world -> {
                            Tenant one = world.take();
                            one.delete(KEY, 2);
                            one.settle();
                            one.giveUp();
                            Tenant two = world.take();
                            two.put(KEY, 3);
                            two.settle();
                        })
                        .disturbedBy("eio"));
    }
}
