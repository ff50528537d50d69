package io.linchpin.http.cli;

import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.SecretKey;
import io.linchpin.http.torture.Torture;
import io.linchpin.http.torture.TortureSettings;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code linchpin torture}: clients race on a few keys of any S3 endpoint; is what they saw possible? */
final class TortureCommand {
    private static final int SECONDS = 20;
    private static final int CLIENTS = 8;

    private TortureCommand() {}

    static int run(List<String> options, PrintStream out, PrintStream err, Map<String, String> environment)
            throws UsageException, IOException, InterruptedException {
        Arguments arguments = Arguments.parse(
                options, Set.of("seconds", "clients", "report", "history", "replay"), Set.of("json"), 1);
        Optional<Path> report = path(arguments, "report");
        Optional<Path> replay = path(arguments, "replay");
        if (replay.isPresent()) {
            if (!arguments.operands().isEmpty()) {
                throw new UsageException("--replay checks a file and asks no endpoint: leave the URL out.");
            }
            return Torture.replay(replay.get(), report, arguments.has("json"), out);
        }
        String url = arguments.operands().isEmpty()
                ? environment.getOrDefault("AWS_ENDPOINT_URL", "")
                : arguments.operands().getFirst();
        TortureSettings settings = new TortureSettings(
                endpoint(url),
                new Credentials(
                        required(environment, "AWS_ACCESS_KEY_ID"),
                        SecretKey.of(required(environment, "AWS_SECRET_ACCESS_KEY"))),
                region(environment),
                Optional.ofNullable(environment.get("AWS_SESSION_TOKEN")).filter(token -> !token.isEmpty()),
                arguments.number("seconds", SECONDS, 1, TortureSettings.MOST_SECONDS),
                arguments.number("clients", CLIENTS, 1, TortureSettings.MOST_CLIENTS),
                path(arguments, "history"),
                report,
                arguments.has("json"));
        return Torture.run(settings, out, err);
    }

    private static Optional<Path> path(Arguments arguments, String name) {
        return arguments.text(name).map(text -> Path.of(text).toAbsolutePath().normalize());
    }

    private static URI endpoint(String text) throws UsageException {
        if (text.isEmpty()) {
            throw new UsageException("Name the endpoint, as http://127.0.0.1:9000, or set AWS_ENDPOINT_URL.");
        }
        String bare = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI url = URI.create(bare);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http && url.getHost() != null && bare.equals(url.getScheme() + "://" + url.getRawAuthority())) {
                return url;
            }
        } catch (IllegalArgumentException noUrl) {
            // Said below.
        }
        throw new UsageException(text + " is no endpoint: http:// or https://, a host, perhaps a port, and no path.");
    }

    private static String region(Map<String, String> environment) {
        String region = environment.getOrDefault("AWS_REGION", "");
        return region.isEmpty() ? environment.getOrDefault("AWS_DEFAULT_REGION", "us-east-1") : region;
    }

    private static String required(Map<String, String> environment, String name) throws UsageException {
        String value = environment.getOrDefault(name, "");
        if (value.isEmpty()) {
            throw new UsageException(
                    name + " is not set: of a Linchpin on this machine, eval \"$(linchpin env)\" sets it.");
        }
        return value;
    }
}
