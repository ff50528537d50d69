/** Keeps the nodes of one host running: starts them, watches them, starts again what died, and stops them all. */
@NullMarked
package io.linchpin.http.supervisor;

import org.jspecify.annotations.NullMarked;
