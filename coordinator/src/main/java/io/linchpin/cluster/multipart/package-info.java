/** Multipart uploads in the cluster: one session an upload, and the way of every request to it. */
@NullMarked
package io.linchpin.cluster.multipart;

import org.jspecify.annotations.NullMarked;
