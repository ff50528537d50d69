/** Multipart uploads on disk: parts written in place into one base file, records of them, and the completed file made of them. */
@NullMarked
package io.linchpin.store.multipart;

import org.jspecify.annotations.NullMarked;
