package io.linchpin.http.supervisor;

import io.linchpin.http.credentials.RootCredentials;
import io.linchpin.store.layout.Names;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** What a person sees of {@code linchpin up}. Safe for concurrent use. */
public final class Announcer {
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final PrintStream out;
    private final String version;
    private boolean announced;

    public Announcer(PrintStream out, String version) {
        this.out = out;
        this.version = version;
    }

    synchronized void starting(UpSettings settings, int takenOver) {
        out.printf(
                "Linchpin %s: %d node%s over %s%n",
                version, settings.nodes(), settings.nodes() == 1 ? "" : "s", settings.root());
        if (takenOver > 0) {
            out.printf("%d left by a former supervisor still serve; taking them over%n", takenOver);
        }
        out.println();
    }

    /** One line of what happened to a node; with the time once the start is over. */
    synchronized void event(String what) {
        if (announced) {
            out.println(LocalTime.now(ZoneId.systemDefault()).format(CLOCK) + "  " + what);
        } else {
            out.println("  " + what);
        }
        out.flush();
    }

    synchronized void serving(UpSettings settings, RootCredentials.Ensured credentials) {
        announced = true;
        String home = System.getProperty("linchpin.home", "");
        Path command = Path.of(home, "bin", "linchpin");
        out.println();
        out.println("Endpoint    " + settings.endpoint() + "   region " + settings.region() + ", path-style");
        if (credentials.created()) {
            out.println("Access key  " + credentials.credentials().accessKey());
            out.println("Secret key  " + credentials.credentials().secretKey());
            out.println("            (shown this once; kept in " + RootCredentials.file(settings.root()) + ")");
        } else {
            out.println("Access key  " + credentials.credentials().accessKey());
        }
        out.println();
        out.println("Try it in another terminal:");
        out.println("  eval \"$(" + command + " env --root " + settings.root() + ")\"");
        out.println("  aws s3 mb s3://first");
        out.println("  echo hello | aws s3 cp - s3://first/greeting.txt");
        out.println("  cat " + settings.root().resolve("first/greeting.txt"));
        out.println();
        out.println("Ctrl-C stops all nodes. Logs: " + settings.root().resolve(Names.LOG));
        out.println();
        out.flush();
    }

    synchronized void stopping() {
        out.println();
        out.println("Stopping: nodes finish what they have begun, and give up their shards.");
        out.flush();
    }

    synchronized void stopped() {
        out.println("Stopped.");
        out.flush();
    }
}
