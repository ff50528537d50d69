/** The checker: whether what clients of one key saw can have been one object, changed by one request after the other. No I/O. */
@NullMarked
package io.linchpin.http.torture.check;

import org.jspecify.annotations.NullMarked;
