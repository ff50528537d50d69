package io.linchpin.http.torture;

import io.linchpin.http.sigv4.Credentials;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What one run does.
 *
 * @param url of the endpoint: scheme and authority
 * @param sessionToken of temporary credentials
 * @param seconds of load, 1 to 3,600
 * @param clients that send at once, 1 to {@link #MOST_CLIENTS}
 * @param history where the histories of all keys are written; empty: only those of bad keys, beside the report
 * @param report where the page is written
 * @param json whether the summary is printed as JSON
 */
public record TortureSettings(
        URI url,
        Credentials credentials,
        String region,
        Optional<String> sessionToken,
        int seconds,
        int clients,
        Optional<Path> history,
        Optional<Path> report,
        boolean json) {
    /** With those of unknown outcome, operations under way on one key stay within what the search can hold. */
    public static final int MOST_CLIENTS = 32;

    public static final int MOST_SECONDS = 3_600;
}
