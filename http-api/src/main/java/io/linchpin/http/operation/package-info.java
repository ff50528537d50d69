/** The S3 operations, one class each, and the routing of a request to its operation. */
@NullMarked
package io.linchpin.http.operation;

import org.jspecify.annotations.NullMarked;
