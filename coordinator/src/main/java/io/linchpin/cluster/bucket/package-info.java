/** The owner of a bucket: its making and its removal, in one order. */
@NullMarked
package io.linchpin.cluster.bucket;

import org.jspecify.annotations.NullMarked;
