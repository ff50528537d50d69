/** Nodes killed and stopped under load, full disks, hands in the directory at the wrong moment: what was acknowledged stands. */
@NullMarked
package io.linchpin.it.chaos;

import org.jspecify.annotations.NullMarked;
