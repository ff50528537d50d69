package io.linchpin.http.operation;

import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Headers;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Function;

/** Which operation a request is: by its method, whether its path names a bucket or an object, and its sub-resource. */
public final class Router implements Function<RequestView, Operation> {
    /** Headers by which a client says whose the bucket must be that it writes to, or copies from. */
    private static final List<String> EXPECTED_OWNERS =
            List.of("x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner");

    private final String ownerId;
    private final Operation listBuckets;
    private final Operation createBucket;
    private final Operation headBucket;
    private final Operation deleteBucket;
    private final Operation getBucketLocation;
    private final Operation getBucketVersioning;
    private final Operation unsetConfiguration;
    private final Operation listObjectsV1;
    private final Operation listObjectsV2;
    private final Operation deleteObjects;
    private final Operation listMultipartUploads;
    private final Operation putObject;
    private final Operation copyObject;
    private final Operation getObject;
    private final Operation headObject;
    private final Operation getObjectAttributes;
    private final Operation deleteObject;
    private final Operation createMultipartUpload;
    private final Operation uploadPart;
    private final Operation uploadPartCopy;
    private final Operation completeMultipartUpload;
    private final Operation abortMultipartUpload;
    private final Operation listParts;

    /**
     * Makes every operation once.
     *
     * @param blocking where file I/O is done
     * @param copying where objects and parts are copied, which takes long
     */
    public Router(Store store, Executor blocking, Executor copying, String hostId) {
        this.ownerId = store.settings().owner().id();
        this.listBuckets = new ListBuckets(store);
        this.createBucket = new CreateBucket(store);
        this.headBucket = new HeadBucket(store);
        this.deleteBucket = new DeleteBucket(store);
        this.getBucketLocation = new GetBucketLocation(store);
        this.getBucketVersioning = new GetBucketVersioning(store);
        this.unsetConfiguration = new UnsetConfiguration(store);
        this.listObjectsV1 = ListObjects.v1(store);
        this.listObjectsV2 = ListObjects.v2(store);
        this.deleteObjects = new DeleteObjects(store);
        this.listMultipartUploads = new ListMultipartUploads(store);
        this.putObject = new PutObject(store);
        this.copyObject = new CopyObject(store, copying, hostId);
        this.getObject = GetObject.get(store);
        this.headObject = GetObject.head(store);
        this.getObjectAttributes = new GetObjectAttributes(store);
        this.deleteObject = new DeleteObject(store);
        this.createMultipartUpload = new CreateMultipartUpload(store);
        this.uploadPart = new UploadPart(store, blocking);
        this.uploadPartCopy = new UploadPartCopy(store, copying, hostId);
        this.completeMultipartUpload = new CompleteMultipartUpload(store, hostId);
        this.abortMultipartUpload = new AbortMultipartUpload(store);
        this.listParts = new ListParts(store);
    }

    /**
     * Finds the operation.
     *
     * @throws S3Exception NotImplemented or MethodNotAllowed where there is none; AccessDenied where the client expects the
     *     bucket to be another account's
     */
    @Override
    public Operation apply(RequestView view) {
        RequestTarget target = view.target();
        Headers headers = view.headers();
        NotBuilt.refuse(view);
        for (String header : EXPECTED_OWNERS) {
            if (!headers.first(header).orElse(ownerId).equals(ownerId)) {
                throw new S3Exception(ErrorCode.AccessDenied);
            }
        }
        if (UnsetConfiguration.asked(view).isPresent()) {
            return unsetConfiguration;
        }
        String path = target.path();
        if (target.has("versioning")) {
            return versioning(view.method(), path);
        }
        refuseMisfits(view.method(), target);
        if (path.equals("/")) {
            if (view.method().equals("GET")) {
                return listBuckets;
            }
            throw new S3Exception(ErrorCode.MethodNotAllowed);
        }
        if (target.has("attributes")) {
            return attributes(view.method(), path);
        }
        return Exchange.keyText(path) == null
                ? ofBucket(view.method(), target)
                : ofObject(view.method(), target, headers);
    }

    /**
     * A sub-resource that a method does not have must not be passed over: the DELETE of the uploads of a bucket is not that of
     * the bucket.
     */
    private static void refuseMisfits(String method, RequestTarget target) {
        boolean ofObject = Exchange.keyText(target.path()) != null;
        boolean ofBucket = !ofObject && !target.path().equals("/");
        boolean fits = (!target.has("location") || (ofBucket && method.equals("GET")))
                && (!target.has("uploads") || (ofBucket ? method.equals("GET") : ofObject && method.equals("POST")))
                && (!target.has("delete") || (ofBucket && method.equals("POST")))
                && (!target.has("uploadId") || (ofObject && !method.equals("HEAD")))
                && (!target.has("partNumber")
                        || method.equals("GET")
                        || method.equals("HEAD")
                        || (ofObject && method.equals("PUT")));
        if (!fits) {
            throw new S3Exception(ErrorCode.MethodNotAllowed);
        }
    }

    private Operation attributes(String method, String path) {
        if (method.equals("GET") && Exchange.keyText(path) != null) {
            return getObjectAttributes;
        }
        throw new S3Exception(ErrorCode.MethodNotAllowed);
    }

    private Operation versioning(String method, String path) {
        if (method.equals("GET") && !path.equals("/") && Exchange.keyText(path) == null) {
            return getBucketVersioning;
        }
        throw NotBuilt.notImplemented("Versions of objects are not implemented.", "versioning");
    }

    private Operation ofBucket(String method, RequestTarget target) {
        return switch (method) {
            case "PUT" -> createBucket;
            case "HEAD" -> headBucket;
            case "DELETE" -> deleteBucket;
            case "GET" -> {
                if (target.has("location")) {
                    yield getBucketLocation;
                }
                if (target.has("uploads")) {
                    yield listMultipartUploads;
                }
                yield listObjects(target.parameter("list-type").orElse(""));
            }
            case "POST" -> {
                if (target.has("delete")) {
                    yield deleteObjects;
                }
                throw NotBuilt.form();
            }
            default -> throw new S3Exception(ErrorCode.NotImplemented, "Cross-origin requests are not implemented.");
        };
    }

    private Operation listObjects(String type) {
        return switch (type) {
            case "" -> listObjectsV1;
            case "2" -> listObjectsV2;
            default -> throw Paging.argument("list-type", type, "Invalid List Type specified in Request");
        };
    }

    private Operation ofObject(String method, RequestTarget target, Headers headers) {
        boolean ofUpload = target.has("uploadId");
        return switch (method) {
            case "GET" -> ofUpload ? listParts : getObject;
            case "HEAD" -> headObject;
            case "DELETE" -> ofUpload ? abortMultipartUpload : deleteObject;
            case "PUT" -> {
                boolean copy = headers.has("x-amz-copy-source");
                if (ofUpload || target.has("partNumber")) {
                    yield copy ? uploadPartCopy : uploadPart;
                }
                yield copy ? copyObject : putObject;
            }
            case "POST" -> {
                if (target.has("uploads")) {
                    yield createMultipartUpload;
                }
                if (ofUpload) {
                    yield completeMultipartUpload;
                }
                throw new S3Exception(ErrorCode.MethodNotAllowed);
            }
            default -> throw new S3Exception(ErrorCode.NotImplemented, "Cross-origin requests are not implemented.");
        };
    }
}
