@NullMarked
package io.linchpin.store.shard;

import org.jspecify.annotations.NullMarked;
