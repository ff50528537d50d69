package io.linchpin.cluster.wire;

/**
 * A message that may travel between nodes: a record of values, as Jackson CBOR (bound in {@code linchpin-cluster.conf}).
 * Its sealed parent is walked by a test that sends each kind there and back.
 */
public interface WireMessage {}
