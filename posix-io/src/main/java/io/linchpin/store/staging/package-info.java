/**
 * Uploads on their way in: each a staged data file, and a staged sidecar unless the upload is small, that nobody else sees.
 */
@NullMarked
package io.linchpin.store.staging;

import org.jspecify.annotations.NullMarked;
