@NullMarked
package io.linchpin.store.commit;

import org.jspecify.annotations.NullMarked;
