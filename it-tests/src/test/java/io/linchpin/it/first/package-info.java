/** What the README promises a stranger: a copy of the sources, and {@code bin/linchpin}. */
@NullMarked
package io.linchpin.it.first;

import org.jspecify.annotations.NullMarked;
