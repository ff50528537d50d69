/** A small S3 client: signed requests, uploads that can be told apart, and what an answer shows of them. */
@NullMarked
package io.linchpin.http.torture.s3;

import org.jspecify.annotations.NullMarked;
