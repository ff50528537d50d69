package io.linchpin.http.server;

import io.linchpin.http.operation.S3Response;
import io.linchpin.http.operation.S3Response.Body;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.Done;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.ResponseEntity;
import org.apache.pekko.http.javadsl.model.headers.Connection;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Makes the HTTP library's answer of ours. */
final class ResponseRenderer {
    /** How often a client that waits for a document gets a space, so that nobody in between gives the connection up. */
    private static final Duration SPACE_INTERVAL = Duration.ofSeconds(5);

    private static final ByteString SPACE = ByteString.fromString(" ");
    private static final String DECLARATION = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
    private static final ContentType XML = contentType("application/xml");

    private final Executor blocking;
    private final String hostId;

    /** @param hostId {@code x-amz-id-2}: which node answered */
    ResponseRenderer(Executor blocking, String hostId) {
        this.blocking = blocking;
        this.hostId = hostId;
    }

    /** @param close whether the connection is to end with this answer */
    HttpResponse render(S3Response response, String requestId, boolean close) {
        List<HttpHeader> headers = new ArrayList<>(response.headers().size() + 3);
        headers.add(RawHeader.create("x-amz-request-id", requestId));
        headers.add(RawHeader.create("x-amz-id-2", hostId));
        for (S3Response.Header h : response.headers()) {
            headers.add(RawHeader.create(h.name(), h.value()));
        }
        if (close) {
            headers.add(Connection.create("close"));
        }
        return HttpResponse.create()
                .withStatus(response.status())
                .withHeaders(headers)
                .withEntity(entity(response.body()));
    }

    private ResponseEntity entity(Body body) {
        return switch (body) {
            case Body.None none -> HttpEntities.EMPTY;
            case Body.Bytes(String type, byte[] bytes) ->
                HttpEntities.create(contentType(type), ByteString.fromArrayUnsafe(bytes));
            case Body.Announced(String type, long length) ->
                length == 0
                        ? HttpEntities.create(contentType(type), ByteString.emptyByteString())
                        : HttpEntities.create(contentType(type), length, Source.empty());
            case Body.Stream(String type, long length, S3Response.ByteSource source) ->
                HttpEntities.create(contentType(type), length, read(source));
            case Body.Awaited(CompletionStage<String> xml) -> HttpEntities.create(XML, awaited(xml));
        };
    }

    private Source<ByteString, ?> read(S3Response.ByteSource source) {
        return Source.unfoldResourceAsync(
                () -> CompletableFuture.completedFuture(source),
                s -> CompletableFuture.supplyAsync(() -> next(s), blocking),
                s -> CompletableFuture.supplyAsync(() -> close(s), blocking));
    }

    private static Optional<ByteString> next(S3Response.ByteSource source) {
        try {
            ByteBuffer bytes = source.next();
            return bytes == null ? Optional.empty() : Optional.of(ByteString.fromByteBuffer(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Done close(S3Response.ByteSource source) {
        try {
            source.close();
            return Done.getInstance();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Source<ByteString, ?> awaited(CompletionStage<String> xml) {
        Source<ByteString, ?> rest = Source.completionStage(xml)
                .map(text -> ByteString.fromString(
                        text.startsWith(DECLARATION) ? text.substring(DECLARATION.length()) : text))
                .keepAlive(SPACE_INTERVAL, () -> SPACE);
        return Source.single(ByteString.fromString(DECLARATION)).concat(rest);
    }

    /**
     * The type exactly as it is written: the library would set its case, space and parameters right, but a client is to
     * get back what was stored. The library writes it unlooked at, the low byte of each character; what would not be one
     * line then is no type.
     */
    static ContentType contentType(String text) {
        int slash = isOneLine(text) ? text.indexOf('/') : -1;
        String main = slash <= 0 ? "application" : text.substring(0, slash);
        String sub = slash <= 0 ? "octet-stream" : text.substring(slash + 1);
        // That one main type has a class of its own, told by its lower-case name; types are the same in any case.
        String name = main.equals("multipart") ? "Multipart" : main;
        return MediaTypes.customBinary(name, sub, true, Map.of(), true).toContentType();
    }

    private static boolean isOneLine(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7F || c > 0xFF) {
                return false;
            }
        }
        return true;
    }
}
