@NullMarked
package io.linchpin.store.publish;

import org.jspecify.annotations.NullMarked;
