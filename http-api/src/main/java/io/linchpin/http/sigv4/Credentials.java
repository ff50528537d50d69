package io.linchpin.http.sigv4;

/** A key pair. */
public record Credentials(String accessKeyId, SecretKey secretKey) {}
