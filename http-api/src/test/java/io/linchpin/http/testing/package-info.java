/** What tests of the HTTP layer share: a server booted by one annotation, a client that signs, a raw socket. */
@NullMarked
package io.linchpin.http.testing;

import org.jspecify.annotations.NullMarked;
