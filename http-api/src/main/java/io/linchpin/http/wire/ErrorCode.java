package io.linchpin.http.wire;

/**
 * The error codes that Linchpin answers with: each name is the {@code Code} on the wire. Most texts are S3's, because some
 * clients read them; the others are our own.
 */
public enum ErrorCode {
    AccessDenied(403, "Access Denied"),
    AuthorizationHeaderMalformed(400, "The authorization header is malformed."),
    AuthorizationQueryParametersError(400, "The authorization query parameters are not valid."),
    BadDigest(400, "The Content-MD5 you specified did not match what we received."),
    BadRequest(400, "Bad Request"),
    BucketAlreadyExists(409, "The requested bucket name is not available."),
    BucketAlreadyOwnedByYou(409, "Your previous request to create the named bucket succeeded and you already own it."),
    BucketNotEmpty(409, "The bucket you tried to delete is not empty"),
    ConditionalRequestConflict(409, "A conflicting operation occurred during this request. Try again."),
    CrossLocationLoggingProhibited(403, "Cross-location logging is not allowed."),
    EntityTooLarge(400, "Your proposed upload exceeds the maximum allowed size"),
    EntityTooSmall(400, "Your proposed upload is smaller than the minimum allowed size"),
    ExpiredToken(400, "The provided token has expired."),
    IllegalLocationConstraintException(400, "The specified location constraint is not valid here."),
    IllegalVersioningConfigurationException(400, "The versioning configuration in the request is not valid."),
    IncompleteBody(400, "The request body terminated unexpectedly"),
    InsufficientStorage(507, "The store has no room for this request."),
    InternalError(500, "We encountered an internal error. Please try again."),
    InvalidAccessKeyId(403, "The AWS Access Key Id you provided does not exist in our records."),
    InvalidArgument(400, "Invalid Argument"),
    InvalidBucketName(400, "The specified bucket is not valid."),
    InvalidBucketState(409, "The request is not valid for the current state of the bucket."),
    InvalidChunkSizeError(403, "Only the last chunk is allowed to have a size less than 8192 bytes"),
    InvalidDigest(400, "The Content-MD5 you specified was invalid."),
    InvalidLocationConstraint(400, "The specified location-constraint is not valid"),
    InvalidObjectState(403, "The operation is not valid for the current state of the object."),
    InvalidPart(
            400,
            "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag."),
    InvalidPartNumber(416, "The requested partnumber is not satisfiable"),
    InvalidPartOrder(400, "The list of parts was not in ascending order. Parts must be ordered by part number."),
    InvalidRange(416, "The requested range is not satisfiable"),
    InvalidRequest(400, "Invalid Request"),
    InvalidStorageClass(400, "The storage class you specified is not valid"),
    InvalidTag(400, "The tag provided was not a valid tag."),
    InvalidToken(400, "The provided token is malformed or otherwise invalid."),
    InvalidURI(400, "Couldn't parse the specified URI."),
    KeyTooLongError(400, "Your key is too long"),
    MalformedACLError(400, "The ACL that you provided was not well formed or did not validate."),
    MalformedPOSTRequest(400, "The body of your POST request is not well-formed multipart/form-data."),
    MalformedPolicy(400, "Your policy contains a principal, action or resource that is not valid."),
    MalformedTrailerError(
            400,
            "The request contained trailing data that was not well-formed or did not conform to our published schema."),
    MalformedXML(400, "The XML you provided was not well-formed or did not validate against our published schema"),
    MaxMessageLengthExceeded(400, "Your request was too large."),
    MetadataTooLarge(400, "Your metadata headers exceed the maximum allowed metadata size"),
    MethodNotAllowed(405, "The specified method is not allowed against this resource."),
    MissingContentLength(411, "You must provide the Content-Length HTTP header."),
    MissingRequestBodyError(400, "Request body is empty."),
    MissingSecurityHeader(400, "Your request is missing a required header."),
    NoSuchBucket(404, "The specified bucket does not exist"),
    NoSuchBucketPolicy(404, "The bucket policy does not exist."),
    NoSuchCORSConfiguration(404, "The CORS configuration does not exist."),
    NoSuchKey(404, "The specified key does not exist."),
    NoSuchLifecycleConfiguration(404, "The lifecycle configuration does not exist."),
    NoSuchObjectLockConfiguration(404, "The specified object does not have an object lock configuration."),
    NoSuchTagSet(404, "The tag set does not exist."),
    NoSuchUpload(
            404,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed."),
    NoSuchVersion(404, "The specified version does not exist."),
    NoSuchWebsiteConfiguration(404, "The specified bucket does not have a website configuration."),
    NotImplemented(501, "A header you provided implies functionality that is not implemented"),
    /** An answer to a conditional read; it has no body. */
    NotModified(304, "Not Modified"),
    ObjectLockConfigurationNotFoundError(404, "Object Lock configuration does not exist for this bucket."),
    OperationAborted(409, "A conflicting conditional operation is in progress against this resource. Try again."),
    OwnershipControlsNotFoundError(404, "The bucket ownership controls were not found."),
    PreconditionFailed(412, "At least one of the pre-conditions you specified did not hold"),
    NoSuchPublicAccessBlockConfiguration(404, "The public access block configuration was not found."),
    ReplicationConfigurationNotFoundError(404, "The replication configuration was not found."),
    RequestHeaderSectionTooLarge(
            400, "Your request header section exceeds the maximum allowed request header section size."),
    RequestTimeTooSkewed(403, "The difference between the request time and the current time is too large."),
    RequestTimeout(
            400, "Your socket connection to the server was not read from or written to within the timeout period."),
    ServerSideEncryptionConfigurationNotFoundError(404, "The server-side encryption configuration was not found."),
    ServiceUnavailable(503, "Service is unable to handle request."),
    SignatureDoesNotMatch(
            403,
            "The request signature we calculated does not match the signature you provided. Check your key and signing method."),
    SlowDown(503, "Please reduce your request rate."),
    TooManyBuckets(400, "You have attempted to create more buckets than are allowed."),
    UnexpectedContent(400, "This request contains unsupported content."),
    UnsupportedSignature(400, "The provided request is signed with an unsupported signature version."),
    XAmzContentSHA256Mismatch(400, "The provided 'x-amz-content-sha256' header does not match what was computed.");

    private final int status;
    private final String message;

    ErrorCode(int status, String message) {
        this.status = status;
        this.message = message;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** What the answer says where the failure has nothing more exact to say. */
    public String message() {
        return message;
    }

    /** Whether an answer of this code carries an error document (a HEAD answer never does). */
    public boolean hasBody() {
        return status != 304;
    }
}
