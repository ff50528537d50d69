/** What a node tells of itself and of the cluster, outside the namespace of S3: the paths below {@code /-/}. */
@NullMarked
package io.linchpin.http.admin;

import org.jspecify.annotations.NullMarked;
