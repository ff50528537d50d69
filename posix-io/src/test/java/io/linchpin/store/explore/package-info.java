/** Every state that a crash may leave of small scenarios of the real engine, recovered, crashed again and held to a model. */
@NullMarked
package io.linchpin.store.explore;

import org.jspecify.annotations.NullMarked;
