/** Many writers of one key through several nodes, and people's hands in the directory: what must hold meanwhile and after. */
@NullMarked
package io.linchpin.it.races;

import org.jspecify.annotations.NullMarked;
