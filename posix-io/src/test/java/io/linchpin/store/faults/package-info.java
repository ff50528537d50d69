/** Every system call of every operation fails once, with each errno that it may fail with: what must hold then. */
@NullMarked
package io.linchpin.store.faults;

import org.jspecify.annotations.NullMarked;
