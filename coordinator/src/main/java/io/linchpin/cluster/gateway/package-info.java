/** The cluster's facade put together on one node: the owners' behaviors, and the ways to them. */
@NullMarked
package io.linchpin.cluster.gateway;

import org.jspecify.annotations.NullMarked;
