/** The root account's key pair: where it is kept, how it is first made, what overrides it. */
@NullMarked
package io.linchpin.http.credentials;

import org.jspecify.annotations.NullMarked;
