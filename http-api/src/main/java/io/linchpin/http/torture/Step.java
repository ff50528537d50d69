package io.linchpin.http.torture;

/** What a client may do next. */
enum Step {
    PUT,
    CREATE,
    SWAP,
    COPY,
    COMPLETE,
    CREATE_BY_PARTS,
    DELETE,
    GET,
    HEAD,
    LIST,
    TAGS
}
