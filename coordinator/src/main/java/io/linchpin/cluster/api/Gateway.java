package io.linchpin.cluster.api;

/** The cluster as one node's HTTP layer sees it. */
public interface Gateway {
    Objects objects();

    Buckets buckets();

    Multipart multipart();
}
