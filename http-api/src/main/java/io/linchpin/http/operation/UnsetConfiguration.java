package io.linchpin.http.operation;

import static java.util.Map.entry;

import io.linchpin.http.wire.ConfigurationDocuments;
import io.linchpin.http.wire.ErrorCode;
import io.linchpin.http.wire.Owner;
import io.linchpin.http.wire.RequestTarget;
import io.linchpin.http.wire.RequestView;
import io.linchpin.http.wire.S3Exception;
import io.linchpin.http.wire.S3Failure;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/**
 * GET of configuration that cannot be set here: what S3 answers of a bucket or an object for which nobody has set any. Many
 * clients read before they write, or only to show it, and take 501 NotImplemented for a failure.
 */
public final class UnsetConfiguration implements Operation {
    /** What S3 has to say where none is set. */
    private sealed interface Answer {
        /** That there is none. */
        record None(ErrorCode code) implements Answer {}

        /** How it is without. */
        record Document(Function<Owner, String> xml) implements Answer {}
    }

    private static final Answer OWNER_ALONE = new Answer.Document(ConfigurationDocuments::accessOfOwnerAlone);
    private static final Answer NO_POLICY = new Answer.None(ErrorCode.NoSuchBucketPolicy);

    /** The code that S3 documents of an object; none is documented of one whose bucket has no object lock either. */
    private static final Answer NOT_LOCKED = new Answer.None(ErrorCode.NoSuchObjectLockConfiguration);

    private static final Map<String, Answer> OF_BUCKETS = Map.ofEntries(
            entry("accelerate", empty("AccelerateConfiguration")),
            entry("acl", OWNER_ALONE),
            entry("cors", new Answer.None(ErrorCode.NoSuchCORSConfiguration)),
            entry("encryption", new Answer.None(ErrorCode.ServerSideEncryptionConfigurationNotFoundError)),
            entry("lifecycle", new Answer.None(ErrorCode.NoSuchLifecycleConfiguration)),
            entry("logging", empty("BucketLoggingStatus")),
            entry("notification", empty("NotificationConfiguration")),
            entry("object-lock", new Answer.None(ErrorCode.ObjectLockConfigurationNotFoundError)),
            entry("ownershipControls", new Answer.None(ErrorCode.OwnershipControlsNotFoundError)),
            entry("policy", NO_POLICY),
            entry("policyStatus", NO_POLICY),
            entry("publicAccessBlock", new Answer.None(ErrorCode.NoSuchPublicAccessBlockConfiguration)),
            entry("replication", new Answer.None(ErrorCode.ReplicationConfigurationNotFoundError)),
            entry("requestPayment", new Answer.Document(owner -> ConfigurationDocuments.ownerPays())),
            entry("tagging", new Answer.None(ErrorCode.NoSuchTagSet)),
            entry("website", new Answer.None(ErrorCode.NoSuchWebsiteConfiguration)));

    private static final Map<String, Answer> OF_OBJECTS = Map.of(
            "acl", OWNER_ALONE,
            "legal-hold", NOT_LOCKED,
            "retention", NOT_LOCKED,
            "tagging", new Answer.Document(owner -> ConfigurationDocuments.noTags()));

    private final Store store;

    public UnsetConfiguration(Store store) {
        this.store = store;
    }

    private static Answer empty(String root) {
        return new Answer.Document(owner -> ConfigurationDocuments.empty(root));
    }

    /** The configuration that a request asks for, by its sub-resource; nothing where it asks for something else. */
    static Optional<String> asked(RequestView view) {
        return view.method().equals("GET") ? named(view.target()) : Optional.empty();
    }

    private static Optional<String> named(RequestTarget target) {
        Map<String, Answer> answers = answers(target.path());
        for (RequestTarget.Parameter p : target.query()) {
            if (answers.containsKey(p.name())) {
                return Optional.of(p.name());
            }
        }
        return Optional.empty();
    }

    private static Map<String, Answer> answers(String path) {
        if (path.equals("/")) {
            return Map.of();
        }
        return Exchange.keyText(path) == null ? OF_BUCKETS : OF_OBJECTS;
    }

    @Override
    public CompletionStage<S3Response> run(Exchange exchange) throws IOException {
        RequestTarget target = exchange.target();
        Answer answer = named(target).map(answers(target.path())::get).orElseThrow();
        mustBeThere(exchange);
        return switch (answer) {
            case Answer.None(ErrorCode code) -> throw none(exchange, code);
            case Answer.Document(Function<Owner, String> xml) ->
                CompletableFuture.completedFuture(
                        S3Response.xml(xml.apply(store.settings().owner())));
        };
    }

    private void mustBeThere(Exchange exchange) throws IOException {
        if (isOfObject(exchange)) {
            GetObject.open(store, exchange.object()).close();
        } else {
            store.bucket(exchange.bucket());
        }
    }

    private static S3Exception none(Exchange exchange, ErrorCode code) {
        S3Failure none = S3Failure.of(code);
        return isOfObject(exchange)
                ? none.with("Key", exchange.object().key().value()).exception()
                : none.with("BucketName", exchange.bucket().value()).exception();
    }

    private static boolean isOfObject(Exchange exchange) {
        return Exchange.keyText(exchange.target().path()) != null;
    }
}
