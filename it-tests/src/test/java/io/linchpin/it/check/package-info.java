/** The check of a store, as an operator runs it. */
@NullMarked
package io.linchpin.it.check;

import org.jspecify.annotations.NullMarked;
