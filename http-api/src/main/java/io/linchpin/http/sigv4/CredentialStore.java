package io.linchpin.http.sigv4;

import java.util.Optional;

/** Where key pairs are looked up, on the request's thread: an implementation answers from memory. */
@FunctionalInterface
public interface CredentialStore {
    /** The enabled key pair of that id; or nothing. */
    Optional<Credentials> find(String accessKeyId);
}
