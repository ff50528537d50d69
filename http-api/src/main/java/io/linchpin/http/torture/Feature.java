package io.linchpin.http.torture;

/** What an endpoint may lack. PUT, GET, HEAD and DELETE it must have. */
enum Feature {
    CREATE("If-None-Match"),
    SWAP("If-Match"),
    COPY("CopyObject"),
    MULTIPART("multipart"),
    CREATE_BY_PARTS("multipart with If-None-Match"),
    LIST("ListObjectsV2"),
    TAGS("tags");

    private final String words;

    Feature(String words) {
        this.words = words;
    }

    String words() {
        return words;
    }
}
