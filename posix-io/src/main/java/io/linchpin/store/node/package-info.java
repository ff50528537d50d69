/** The nodes of one store: the locks that they hold for life, what they say of themselves, and who of them is dead. */
@NullMarked
package io.linchpin.store.node;

import org.jspecify.annotations.NullMarked;
