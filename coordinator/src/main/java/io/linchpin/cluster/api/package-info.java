/** What the HTTP layer asks of the cluster: every call asynchronous, every answer a sealed outcome. */
@NullMarked
package io.linchpin.cluster.api;

import org.jspecify.annotations.NullMarked;
