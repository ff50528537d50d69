/** Nodes of little memory under bodies and numbers of keys that would not fit into it. */
@NullMarked
package io.linchpin.it.memory;

import org.jspecify.annotations.NullMarked;
