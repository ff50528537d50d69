package io.linchpin.http.cli;

import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.http.supervisor.RefusedException;
import io.linchpin.http.supervisor.Region;
import io.linchpin.http.supervisor.SupervisorLock;
import io.linchpin.http.supervisor.UpSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code linchpin env}: what the AWS CLI and SDKs read, as lines for {@code eval}. */
final class EnvCommand {
    private static final String DEFAULT_ENDPOINT = "http://127.0.0.1:9000";

    private EnvCommand() {}

    static int run(List<String> options, PrintStream out, PrintStream err, Map<String, String> environment)
            throws UsageException, IOException, RefusedException {
        Arguments arguments = Arguments.parse(options, Set.of("root", "endpoint"), Set.of());
        Path root = Cli.root(arguments);
        RootCredentials credentials = RootCredentials.find(root, environment)
                .orElseThrow(() -> new RefusedException("The store " + root
                        + " has no credentials yet: linchpin up makes them, or name another store with --root."));
        Optional<SupervisorLock.Holder> holder = SupervisorLock.holder(root);
        if (holder.isPresent()) {
            holder.get().requireSupervisor(root);
        }
        Optional<String> region = holder.map(SupervisorLock.Holder::region).filter(said -> !said.isEmpty());
        String named = region.isPresent() ? region.get() : Region.of(Optional.empty());
        if (holder.isEmpty()) {
            err.println("linchpin: No linchpin up serves " + root + " now; "
                    + (arguments.text("endpoint").isPresent() ? "" : "the endpoint is " + DEFAULT_ENDPOINT + " and ")
                    + "the region " + named + ", as they are by default.");
        }
        String endpoint = arguments.text(
                "endpoint",
                holder.map(h -> UpSettings.endpoint(h.host(), h.port())).orElse(DEFAULT_ENDPOINT));
        export(out, "AWS_ENDPOINT_URL", endpoint);
        export(out, "AWS_REGION", named);
        export(out, "AWS_DEFAULT_REGION", named);
        export(out, "AWS_ACCESS_KEY_ID", credentials.accessKey());
        export(out, "AWS_SECRET_ACCESS_KEY", credentials.secretKey());
        // One of another account would be sent along with these keys, and every request refused.
        out.println("unset AWS_SESSION_TOKEN");
        return ExitCode.OK;
    }

    /** In single quotes, in which a shell takes everything as it stands but a single quote. */
    private static void export(PrintStream out, String name, String value) {
        out.println("export " + name + "='" + value.replace("'", "'\\''") + "'");
    }
}
