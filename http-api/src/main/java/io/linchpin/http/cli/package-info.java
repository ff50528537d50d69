/** The commands of {@code bin/linchpin}, apart from the node itself: each reads its arguments, does one thing, and exits. */
@NullMarked
package io.linchpin.http.cli;

import org.jspecify.annotations.NullMarked;
