/** Starts clusters of real nodes for tests, asks them over HTTP, kills and stops them, and keeps what they wrote. */
@NullMarked
package io.linchpin.it.harness;

import org.jspecify.annotations.NullMarked;
