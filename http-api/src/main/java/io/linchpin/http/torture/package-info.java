/** {@code linchpin torture}: clients that race on a few keys of any S3 endpoint, and the judgement of what they saw. */
@NullMarked
package io.linchpin.http.torture;

import org.jspecify.annotations.NullMarked;
