/** System calls behind one C-shaped interface, and kernel locks. Nothing of Linchpin's store is known here. */
@NullMarked
package io.linchpin.posix;

import org.jspecify.annotations.NullMarked;
