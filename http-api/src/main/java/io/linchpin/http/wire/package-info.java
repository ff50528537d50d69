/** S3 as it stands on the wire: error codes, XML documents, and header values parsed into types. */
@NullMarked
package io.linchpin.http.wire;

import org.jspecify.annotations.NullMarked;
