/** Where everything lies below the root: the format, the names, and the two paths of a key. */
@NullMarked
package io.linchpin.store.layout;

import org.jspecify.annotations.NullMarked;
