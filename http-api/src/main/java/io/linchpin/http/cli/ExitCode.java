package io.linchpin.http.cli;

/** What scripts can tell from a command's end. {@code linchpin help} lists them. */
public final class ExitCode {
    public static final int OK = 0;

    /** It serves, or was checked, but something is not as it should be. */
    public static final int DEGRADED = 1;

    /** No node answers. */
    public static final int UNREACHABLE = 2;

    /** Refused, with a sentence why: the store or the port is in use, a setting is wrong, a node does not start. */
    public static final int REFUSED = 3;

    /** Arguments that are not understood: EX_USAGE of sysexits.h. */
    public static final int USAGE = 64;

    private ExitCode() {}
}
