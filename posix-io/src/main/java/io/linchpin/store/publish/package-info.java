/** Publishing: the only code that moves files into a bucket, or out of it. */
@NullMarked
package io.linchpin.store.publish;

import org.jspecify.annotations.NullMarked;
