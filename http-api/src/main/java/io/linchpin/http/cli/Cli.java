package io.linchpin.http.cli;

import io.linchpin.http.credentials.UnusableKeysException;
import io.linchpin.http.supervisor.RefusedException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Finds the command that was asked for and runs it. */
public final class Cli {
    private static final String HELP = "help.txt";

    private final PrintStream out;
    private final PrintStream err;
    private final Map<String, String> environment;

    Cli(PrintStream out, PrintStream err, Map<String, String> environment) {
        this.out = out;
        this.err = err;
        this.environment = environment;
    }

    /** Never returns: the JVM ends with the command's status. */
    public static void main(String[] arguments) throws InterruptedException {
        System.exit(new Cli(System.out, System.err, System.getenv()).run(List.of(arguments)));
    }

    /** The exit status of one command. */
    int run(List<String> arguments) throws InterruptedException {
        String command = arguments.isEmpty() ? "help" : arguments.getFirst();
        List<String> options = arguments.isEmpty() ? List.of() : arguments.subList(1, arguments.size());
        try {
            return switch (command) {
                case "up" -> UpCommand.run(options, out, environment);
                case "down" -> DownCommand.run(options, out);
                case "status" -> StatusCommand.run(options, out, err);
                case "env" -> EnvCommand.run(options, out, err, environment);
                case "fsck" -> FsckCommand.run(options, out, err);
                case "torture" -> TortureCommand.run(options, out, err, environment);
                case "version" -> version();
                case "help" -> help();
                default ->
                    throw new UsageException("There is no command '" + command + "'. linchpin help lists them all.");
            };
        } catch (UsageException e) {
            err.println("linchpin: " + e.getMessage());
            return ExitCode.USAGE;
        } catch (RefusedException | UnusableKeysException e) {
            err.println("linchpin: " + e.getMessage());
            return ExitCode.REFUSED;
        } catch (IOException e) {
            err.println("linchpin: " + e);
            return ExitCode.REFUSED;
        }
    }

    private int version() {
        out.println("linchpin " + versionText() + " (Java " + Runtime.version() + ")");
        return ExitCode.OK;
    }

    private int help() throws IOException {
        try (InputStream text = Cli.class.getResourceAsStream(HELP)) {
            if (text == null) {
                throw new IOException(HELP + " is not on the class path");
            }
            out.print(new String(text.readAllBytes(), StandardCharsets.UTF_8));
        }
        return ExitCode.OK;
    }

    /** From the jar's manifest; of classes outside a jar there is none. */
    static String versionText() {
        String version = Cli.class.getPackage().getImplementationVersion();
        return version == null ? "(unpackaged)" : version;
    }

    /** The option that all commands share. */
    static Path root(Arguments arguments) {
        return arguments.path("root", "./data");
    }
}
