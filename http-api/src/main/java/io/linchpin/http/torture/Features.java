package io.linchpin.http.torture;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the endpoint has, and how it makes ETags. What is dropped stays dropped for the run. */
final class Features {
    private final Map<Feature, String> dropped = new EnumMap<>(Feature.class);
    private volatile boolean md5Etags;
    private volatile boolean md5PartEtags;

    synchronized boolean has(Feature feature) {
        return !dropped.containsKey(feature);
    }

    /** @param why for people; the first reason stays */
    synchronized void drop(Feature feature, String why) {
        dropped.putIfAbsent(feature, why);
    }

    /** Of an upload in one request, and of one in a single part: whether the ETag can be told before it is sent. */
    void etagsAreDigests(boolean ofPlain, boolean ofParts) {
        md5Etags = ofPlain;
        md5PartEtags = ofParts;
    }

    boolean md5Etags() {
        return md5Etags;
    }

    boolean md5PartEtags() {
        return md5PartEtags;
    }

    /** What is raced with, in words. */
    String present() {
        return Stream.concat(
                        Stream.of("PUT, GET, HEAD, DELETE"),
                        Stream.of(Feature.values()).filter(this::has).map(Feature::words))
                .collect(Collectors.joining(", "));
    }

    /** What is not there, with reasons; nothing where all is. */
    synchronized Optional<String> missing() {
        return dropped.isEmpty()
                ? Optional.empty()
                : Optional.of(dropped.entrySet().stream()
                        .map(one -> one.getKey().words() + " (" + one.getValue() + ")")
                        .collect(Collectors.joining(", ")));
    }
}
