/** Sockets to requests and answers to sockets: framing, limits, dispatch to operations, and the errors in between. */
@NullMarked
package io.linchpin.http.server;

import org.jspecify.annotations.NullMarked;
