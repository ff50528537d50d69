package io.linchpin.it.torture;

import io.linchpin.http.sigv4.Credentials;
import io.linchpin.http.sigv4.SecretKey;
import io.linchpin.http.testing.Signer;
import io.linchpin.http.torture.Torture;
import io.linchpin.http.torture.TortureSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/** One run of the command, with the test's keys: its status, and what it printed. */
public record Run(int status, String out, String err) {
    public static Run of(URI url, int seconds, Path history) throws IOException, InterruptedException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        TortureSettings settings = new TortureSettings(
                url,
                new Credentials(Signer.ACCESS_KEY, SecretKey.of(Signer.SECRET_KEY)),
                "us-east-1",
                Optional.empty(),
                seconds,
                8,
                Optional.of(history),
                Optional.empty(),
                false);
        int status = Torture.run(settings, print(out), print(err));
        Run run = new Run(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
        System.out.println(run.out);
        return run;
    }

    static PrintStream print(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }
}
