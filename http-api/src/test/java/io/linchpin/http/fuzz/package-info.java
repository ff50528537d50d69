/** The runs of what is fuzzed of requests. */
@NullMarked
package io.linchpin.http.fuzz;

import org.jspecify.annotations.NullMarked;
