package io.linchpin.cluster.membership;

import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.typed.Cluster;

/**
 * Whether this node is the cluster's oldest member, as far as it knows: who does what one node does for all. For a moment
 * two may think so, hence only for what may be done twice.
 */
public final class Oldest {
    private Oldest() {}

    public static boolean isSelf(Cluster cluster) {
        Member self = cluster.selfMember();
        for (Member member : cluster.state().getMembers()) {
            boolean settled = member.status().equals(MemberStatus.up());
            if (settled && !member.equals(self) && member.isOlderThan(self)) {
                return false;
            }
        }
        return self.status().equals(MemberStatus.up());
    }
}
