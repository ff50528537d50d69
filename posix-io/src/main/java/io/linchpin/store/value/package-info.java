/** The words of the store as types: parsed once at the edge, never raw strings inside. */
@NullMarked
package io.linchpin.store.value;

import org.jspecify.annotations.NullMarked;
