package io.linchpin.cluster.multipart;

import io.linchpin.cluster.membership.Oldest;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.typed.Cluster;
import org.jspecify.annotations.Nullable;

/** Runs the sweep of uploads now and then; every node has one, and only that of the oldest member acts. */
public final class UploadSweeper {
    /** What a sweeper is told, by itself. */
    public sealed interface Command {}

    private enum Tick implements Command {
        NOW
    }

    private record Swept(
            UploadSweep.@Nullable Swept swept, @Nullable Throwable failure) implements Command {}

    private UploadSweeper() {}

    /** The interval is between the end of a round and the next. */
    public static Behavior<Command> create(UploadSweep sweep, InstantSource clock, Duration interval) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startSingleTimer(Tick.NOW, interval);
            return Behaviors.receiveMessage(command -> {
                switch (command) {
                    case Tick _ -> tick(context, timers, sweep, clock, interval);
                    case Swept swept -> {
                        log(context, swept);
                        timers.startSingleTimer(Tick.NOW, interval);
                    }
                }
                return Behaviors.same();
            });
        }));
    }

    private static void tick(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            UploadSweep sweep,
            InstantSource clock,
            Duration interval) {
        if (Oldest.isSelf(Cluster.get(context.getSystem()))) {
            context.pipeToSelf(sweep.run(clock.instant()), Swept::new);
        } else {
            timers.startSingleTimer(Tick.NOW, interval);
        }
    }

    private static void log(ActorContext<Command> context, Swept round) {
        UploadSweep.Swept swept = round.swept();
        if (swept == null) {
            context.getLog().warn("the sweep of uploads is put off", round.failure());
        } else if (swept.ended() + swept.aborted() > 0) {
            context.getLog()
                    .info(
                            "removed {} ended uploads, aborted {} old ones and such of buckets that are no more",
                            swept.ended(),
                            swept.aborted());
        }
    }
}
