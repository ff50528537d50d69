/** Clients that people use, each against a real cluster: what they send must be understood, and what they get be right. */
@NullMarked
package io.linchpin.it.clients;

import org.jspecify.annotations.NullMarked;
