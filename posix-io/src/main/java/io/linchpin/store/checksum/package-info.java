/** Checksums that the JDK lacks, and the checksum of an object made from those of its parts. */
@NullMarked
package io.linchpin.store.checksum;

import org.jspecify.annotations.NullMarked;
