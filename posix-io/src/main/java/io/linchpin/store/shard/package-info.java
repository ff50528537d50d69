/** The file of one shard: its kernel lock, held for as long as the shard is owned, and its ledger. */
@NullMarked
package io.linchpin.store.shard;

import org.jspecify.annotations.NullMarked;
