/** The torture command, on a cluster that is right and on a server that is not. */
@NullMarked
package io.linchpin.it.torture;

import org.jspecify.annotations.NullMarked;
