/** Reading objects: one upload's bytes with that same upload's metadata, without asking the key's owner. */
@NullMarked
package io.linchpin.store.read;

import org.jspecify.annotations.NullMarked;
