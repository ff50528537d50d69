package io.linchpin.http.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** A supervisor in a process of its own, over {@link FakeNode}s: arguments are root, port and number of nodes. */
final class FakeUp {
    private FakeUp() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        UpSettings settings = new UpSettings(
                Path.of(arguments[0]),
                "127.0.0.1",
                Integer.parseInt(arguments[1]),
                Integer.parseInt(arguments[2]),
                "64m",
                Optional.empty(),
                "eu-north-1",
                0,
                Optional.empty(),
                FakeNode.class.getName());
        try {
            Supervisor.run(settings, new Announcer(System.out, "test"), Map.of());
        } catch (RefusedException e) {
            System.out.println("REFUSED " + e.getMessage());
            System.exit(3);
        }
    }
}
