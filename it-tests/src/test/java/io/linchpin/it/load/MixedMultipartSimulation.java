package io.linchpin.it.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/** Small objects, reads of them, and multipart uploads of two parts side by side. */
public final class MixedMultipartSimulation extends Simulation {
    public MixedMultipartSimulation() {
        ScenarioBuilder prepare = scenario("prepare").exec(Load.createBucket());
        ScenarioBuilder load = scenario("load")
                .exec(Load.turns(exec(session -> session.set("key", "mixed/" + session.getLong("upload") % 50))
                        .exec(Load.put("put", "key"))
                        .exec(Load.get("get", "key"))
                        .exec(Multipart.upload())));
        setUp(prepare.injectOpen(atOnceUsers(1)).andThen(load.injectOpen(atOnceUsers(Load.USERS))))
                .protocols(Load.protocol())
                .maxDuration(Load.SECONDS + Load.GRACE_SECONDS)
                .assertions(global().failedRequests().count().is(0L));
    }
}
