/** Uploads on their way in: a staged data file and a staged sidecar each, that nobody else sees. */
@NullMarked
package io.linchpin.store.staging;

import org.jspecify.annotations.NullMarked;
