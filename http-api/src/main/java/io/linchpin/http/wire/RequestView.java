package io.linchpin.http.wire;

/**
 * The head of a request as it was received, apart from any HTTP library.
 *
 * @param method in upper case
 */
public record RequestView(String method, RequestTarget target, Headers headers) {}
