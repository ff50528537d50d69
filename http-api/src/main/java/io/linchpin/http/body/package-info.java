/** The body of an upload on its way to the staged file: taken out of its chunks, hashed, and held against what was promised. */
@NullMarked
package io.linchpin.http.body;

import org.jspecify.annotations.NullMarked;
