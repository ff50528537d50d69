/** Taking a shard over: collect its records, replay them, settle what a dead node left, sweep what nothing refers to. */
@NullMarked
package io.linchpin.store.recovery;

import org.jspecify.annotations.NullMarked;
