/** Requests that a node must refuse: the right error, nothing of how it is made inside, and nothing stored. */
@NullMarked
package io.linchpin.it.refusals;

import org.jspecify.annotations.NullMarked;
