/**
 * The simulated disk: a filesystem in memory that keeps apart what a process sees and what a power cut may leave, for
 * tests that stop after any call, take any legal state, and recover.
 */
@NullMarked
package io.linchpin.posix.sim;

import org.jspecify.annotations.NullMarked;
