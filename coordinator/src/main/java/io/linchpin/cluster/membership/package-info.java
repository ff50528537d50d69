/** Who is a member: formation of the cluster, and downing witnessed by the kernel. */
@NullMarked
package io.linchpin.cluster.membership;

import org.jspecify.annotations.NullMarked;
