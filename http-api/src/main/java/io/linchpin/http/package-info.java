/** The process of one node: its command line, and the wiring of store, cluster and HTTP. */
@NullMarked
package io.linchpin.http;

import org.jspecify.annotations.NullMarked;
