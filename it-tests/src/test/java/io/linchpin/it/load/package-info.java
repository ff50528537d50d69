/** Gatling simulations: load with every answer checked, started by {@code bin/load}. */
@NullMarked
package io.linchpin.it.load;

import org.jspecify.annotations.NullMarked;
