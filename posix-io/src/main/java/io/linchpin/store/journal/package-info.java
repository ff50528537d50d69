/** The commit journal of one node's life: records, segments, group commit, and the reading of dead nodes' journals. */
@NullMarked
package io.linchpin.store.journal;

import org.jspecify.annotations.NullMarked;
