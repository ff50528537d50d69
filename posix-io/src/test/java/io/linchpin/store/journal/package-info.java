@NullMarked
package io.linchpin.store.journal;

import org.jspecify.annotations.NullMarked;
