/** The rules that keep modules and packages apart, checked on the compiled code. */
@NullMarked
package io.linchpin.it.architecture;

import org.jspecify.annotations.NullMarked;
