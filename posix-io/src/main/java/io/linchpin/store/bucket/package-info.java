/** Buckets: their directories, and the state file that says whether one is open, with its generation. */
@NullMarked
package io.linchpin.store.bucket;

import org.jspecify.annotations.NullMarked;
