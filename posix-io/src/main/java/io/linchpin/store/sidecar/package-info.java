/** The sidecar: one checksummed, readable JSON document that holds what a version is besides its bytes. */
@NullMarked
package io.linchpin.store.sidecar;

import org.jspecify.annotations.NullMarked;
