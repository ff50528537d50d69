/** Negative controls: engines with one step taken out or put in the wrong place, which the rigs must find. */
@NullMarked
package io.linchpin.store.mutant;

import org.jspecify.annotations.NullMarked;
