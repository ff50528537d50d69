/** AWS Signature Version 4 as S3 has it: who sent a request, and that nothing which matters was changed on the way. */
@NullMarked
package io.linchpin.http.sigv4;

import org.jspecify.annotations.NullMarked;
