package io.linchpin.cluster.membership;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What fails in looks that come many times a second: told when it begins and when it is over. */
final class Troubles {
    private static final Logger LOG = LoggerFactory.getLogger(Troubles.class);

    private boolean before;
    private boolean now;

    /** Something could not be done in this look; the next one tries again. */
    void met(String what, IOException e) {
        if (!before && !now) {
            LOG.error("{}: tried again at each look, and not told again until one has gone well", what, e);
        }
        now = true;
    }

    /** A look has ended. */
    void looked() {
        if (before && !now) {
            LOG.info("looks at the nodes' locks go well again");
        }
        before = now;
        now = false;
    }
}
