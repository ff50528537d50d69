/** Fuzzing of parsers and codecs: targets with properties, a short run in every build, a long one by Jazzer. */
@NullMarked
package io.linchpin.fuzz;

import org.jspecify.annotations.NullMarked;
