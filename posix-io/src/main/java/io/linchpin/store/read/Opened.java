package io.linchpin.store.read;

/** What opening a key found. */
public sealed interface Opened {
    /** The object, open: whoever gets it closes it. */
    record Found(OpenObject object) implements Opened {}

    /** There was no object at some moment during the call. */
    record NoSuchKey() implements Opened {}
}
