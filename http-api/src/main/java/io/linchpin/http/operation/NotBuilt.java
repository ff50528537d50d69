package io.linchpin.http.operation;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What S3 has and Linchpin does not: a request that asks for it is told so (501 NotImplemented), never done half. Unknown
 * parameters with a value are left alone, as S3 does; one without a value looks like a sub-resource and is refused.
 */
public final class NotBuilt {
    /** Of some of them a GET is answered all the same: {@link UnsetConfiguration}. */
    private static final Set<String> SUB_RESOURCES = Set.of(
            "accelerate",
            "acl",
            "analytics",
            "annotation",
            "append",
            "cors",
            "encryption",
            "intelligent-tiering",
            "inventory",
            "legal-hold",
            "lifecycle",
            "logging",
            "metadataConfiguration",
            "metadataTable",
            "metrics",
            "notification",
            "object-lock",
            "ownershipControls",
            "policy",
            "policyStatus",
            "publicAccessBlock",
            "renameObject",
            "replication",
            "requestPayment",
            "restore",
            "retention",
            "select",
            "session",
            "tagging",
            "torrent",
            "versions",
            "website");

    /** Parameters that stand without a value and are built. */
    private static final Set<String> BUILT =
            Set.of("location", "uploads", "delete", "uploadId", "list-type", "attributes", "versioning");

    /** Parameters that have a value, and count as absent or wrong without one: no sub-resources in any case. */
    private static final Set<String> VALUED = Set.of(
            "prefix",
            "delimiter",
            "marker",
            "continuation-token",
            "start-after",
            "encoding-type",
            "key-marker",
            "upload-id-marker",
            "part-number-marker",
            "max-keys",
            "max-uploads",
            "max-parts",
            "max-buckets",
            "bucket-region",
            "partNumber",
            "fetch-owner",
            "x-id");

    private static final List<String> HEADER_PREFIXES = List.of(
            "x-amz-server-side-encryption",
            "x-amz-copy-source-server-side-encryption",
            "x-amz-object-lock-",
            "x-amz-grant-");

    private static final Set<String> HEADERS = Set.of(
            "x-amz-website-redirect-location",
            "x-amz-tagging",
            "x-amz-write-offset-bytes",
            "x-amz-mfa",
            "x-amz-rename-source",
            "x-amz-bucket-object-lock-enabled",
            "x-amz-object-ownership");

    /** Everything an object can be granted to its owner alone, which is how it is. */
    private static final Set<String> ACLS = Set.of("private", "bucket-owner-full-control", "bucket-owner-read");

    /** All that S3 knows as the value of a header. No object has tags, so to copy them and to leave them is one thing. */
    private static final Map<String, Set<String>> VALUES = Map.of(
            "x-amz-acl",
            Set.of(
                    "private",
                    "bucket-owner-full-control",
                    "bucket-owner-read",
                    "public-read",
                    "public-read-write",
                    "authenticated-read",
                    "aws-exec-read",
                    "log-delivery-write"),
            "x-amz-object-ownership",
            Set.of("BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"),
            "x-amz-tagging-directive",
            Set.of("COPY", "REPLACE"));

    private NotBuilt() {}

    /** Refuses what is not built: in the query, then in the headers. */
    static void refuse(RequestView view) {
        String read = UnsetConfiguration.asked(view).orElse("");
        for (RequestTarget.Parameter p : view.target().query()) {
            if (p.name().equals(read)) {
                continue;
            }
            if (!read.isEmpty() && BUILT.contains(p.name())) {
                throw notImplemented(
                        "The sub-resources " + read + " and " + p.name() + " are not read at once.", p.name());
            }
            boolean bare = p.value().isEmpty() && looksLikeSubResource(p.name());
            if (SUB_RESOURCES.contains(p.name()) || (bare && !BUILT.contains(p.name()))) {
                throw notImplemented("The sub-resource " + p.name() + " is not implemented.", p.name());
            }
            if (p.name().equals("versionId") && !p.value().equals("null")) {
                throw notImplemented("Versions of objects are not implemented.", "versionId");
            }
        }
        Headers headers = view.headers();
        for (int i = 0; i < headers.size(); i++) {
            header(headers.name(i), headers.value(i));
        }
    }

    private static boolean looksLikeSubResource(String name) {
        return !name.startsWith("X-Amz-")
                && !name.startsWith("x-amz-")
                && !name.startsWith("response-")
                && !VALUED.contains(name);
    }

    private static void header(String name, String value) {
        if (!name.startsWith("x-amz-")) {
            return;
        }
        if (HEADERS.contains(name) && !value.isEmpty() && !isHarmless(name, value)) {
            unknownValue(name, value);
            throw notImplemented("The header " + name + " is not implemented.", name);
        }
        for (String prefix : HEADER_PREFIXES) {
            if (name.startsWith(prefix)) {
                throw notImplemented("The header " + name + " is not implemented.", name);
            }
        }
        unknownValue(name, value);
        if (name.equals("x-amz-acl") && !value.isEmpty() && !ACLS.contains(value)) {
            throw notImplemented("Access control lists other than private are not implemented.", name);
        }
        if (name.equals("x-amz-storage-class") && !value.equals("STANDARD")) {
            throw new S3Exception(ErrorCode.InvalidStorageClass);
        }
    }

    /** A value that S3 does not know either is the client's mistake. */
    private static void unknownValue(String name, String value) {
        Set<String> known = VALUES.get(name);
        if (known != null && !value.isEmpty() && !known.contains(value)) {
            throw Paging.argument(name, value, "The header " + name + " cannot have this value.");
        }
    }

    /** Says what is the case anyway. */
    private static boolean isHarmless(String name, String value) {
        return switch (name) {
            case "x-amz-bucket-object-lock-enabled" -> value.equalsIgnoreCase("false");
            case "x-amz-object-ownership" -> value.equals("BucketOwnerEnforced");
            default -> false;
        };
    }

    /** Whether a request that nobody has signed is an upload by a form, which has its signature among the fields. */
    public static boolean isForm(RequestView view) {
        return view.method().equals("POST")
                && Exchange.keyText(view.target().path()) == null
                && view.headers()
                        .first("content-type")
                        .filter(type -> type.toLowerCase(Locale.ROOT).startsWith("multipart/form-data"))
                        .isPresent();
    }

    /** How an upload by a form is refused. */
    public static S3Exception form() {
        return new S3Exception(ErrorCode.NotImplemented, "Uploads by POST form are not implemented.");
    }

    static S3Exception notImplemented(String message, String what) {
        return S3Failure.of(ErrorCode.NotImplemented, message)
                .with("Header", what)
                .exception();
    }
}
