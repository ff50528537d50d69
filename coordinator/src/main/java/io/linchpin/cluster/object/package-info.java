/** The owner of a key, and the way of a mutation to it. */
@NullMarked
package io.linchpin.cluster.object;

import org.jspecify.annotations.NullMarked;
