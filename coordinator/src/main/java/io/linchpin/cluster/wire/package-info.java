/**
 * What crosses nodes: the mark of every such message. Bodies never do; a message stays well below 256 KiB.
 *
 * <p>Evolution: a field may be added if it is {@code @Nullable} or a collection; none is renamed or removed while nodes
 * of two versions may share a store; a message is renamed by adding the new one first.
 */
@NullMarked
package io.linchpin.cluster.wire;

import org.jspecify.annotations.NullMarked;
