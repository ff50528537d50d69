@NullMarked
package io.linchpin.store.recovery;

import org.jspecify.annotations.NullMarked;
