/** The owner's work on a key: mutations in, judged in one order, made durable, published, answered. */
@NullMarked
package io.linchpin.store.commit;

import org.jspecify.annotations.NullMarked;
