/**
 * Publishing: the code that moves files into a bucket, or out of it. Only {@code recovery.Leftovers} does so besides: it puts
 * a directory back that a crash left under a swap name.
 */
@NullMarked
package io.linchpin.store.publish;

import org.jspecify.annotations.NullMarked;
