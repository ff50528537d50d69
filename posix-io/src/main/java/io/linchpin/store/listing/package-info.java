/** Listing a bucket: keys in the order of their bytes, from both trees, a page at a time. */
@NullMarked
package io.linchpin.store.listing;

import org.jspecify.annotations.NullMarked;
