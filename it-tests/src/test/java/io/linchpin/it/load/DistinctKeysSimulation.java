package io.linchpin.it.load;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.header;

import io.gatling.javaapi.core.ScenarioBuilder;
import io.gatling.javaapi.core.Simulation;

/** Each user writes and reads keys of its own. */
public final class DistinctKeysSimulation extends Simulation {
    public DistinctKeysSimulation() {
        ScenarioBuilder prepare = scenario("prepare").exec(Load.createBucket());
        ScenarioBuilder load = scenario("load")
                .exec(Load.turns(exec(session ->
                                session.set("key", "user-" + session.userId() + "/" + session.getLong("upload")))
                        .exec(Load.put("put", "key"))
                        .exec(Load.get("get", "key")
                                .check(header("x-amz-meta-upload").is(session -> "" + session.getLong("upload"))))));
        setUp(prepare.injectOpen(atOnceUsers(1)).andThen(load.injectOpen(atOnceUsers(Load.USERS))))
                .protocols(Load.protocol())
                .maxDuration(Load.SECONDS + Load.GRACE_SECONDS)
                .assertions(global().failedRequests().count().is(0L));
    }
}
