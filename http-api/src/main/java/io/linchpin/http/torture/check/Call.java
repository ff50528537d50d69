package io.linchpin.http.torture.check;

/** What a client asked for. Of a multipart upload only its completion touches the key. */
public enum Call {
    PUT,
    COPY,
    COMPLETE,
    DELETE,
    GET,
    HEAD,
    LIST,
    TAGS;

    public boolean isRead() {
        return switch (this) {
            case GET, HEAD, LIST, TAGS -> true;
            case PUT, COPY, COMPLETE, DELETE -> false;
        };
    }
}
