/** Checking a store: what is wrong with it, in sentences, and what of that may be put right. */
@NullMarked
package io.linchpin.store.check;

import org.jspecify.annotations.NullMarked;
