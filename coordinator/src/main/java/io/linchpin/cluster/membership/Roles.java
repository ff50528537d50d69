package io.linchpin.cluster.membership;

import io.linchpin.store.value.Incarnation;
import java.util.Optional;
import org.apache.pekko.cluster.Member;

/**
 * A member says by a role which life of which node it is. So whoever learns of a member knows its lock file, and an
 * address, which may come back, decides nothing.
 */
public final class Roles {
    private static final String PREFIX = "life-";

    private Roles() {}

    public static String of(Incarnation incarnation) {
        return PREFIX + incarnation;
    }

    public static Optional<Incarnation> incarnation(Member member) {
        return member.getRoles().stream()
                .filter(role -> role.startsWith(PREFIX))
                .map(role -> role.substring(PREFIX.length()))
                .filter(Incarnation::isValid)
                .map(Incarnation::new)
                .findFirst();
    }
}
