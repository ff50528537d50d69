/** One node's life, from opening the store to leaving the cluster, and the settings that it reads. */
@NullMarked
package io.linchpin.cluster.node;

import org.jspecify.annotations.NullMarked;
