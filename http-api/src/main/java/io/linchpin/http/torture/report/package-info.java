/** What a run found: in a terminal, as JSON, as a page, and as histories that can be checked again. */
@NullMarked
package io.linchpin.http.torture.report;

import org.jspecify.annotations.NullMarked;
