package io.linchpin.store.multipart;

import io.linchpin.store.checksum.PartChecksums;
import io.linchpin.store.sidecar.Sidecar;
import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a completion comes to, before anything is done: the parts that the object is made of, or why there is none. */
public sealed interface CompletionPlan {
    /** A part as the client lists it; the checksum where it gives one. */
    record Listed(PartNumber number, ETag etag, @Nullable Checksum checksum) {}

    /**
     * What the client asks for.
     *
     * @param parts at least one
     * @param objectSizeBytes what the object's size must be, or null
     * @param checksum what the object's checksum must be, or null
     */
    record Request(
            List<Listed> parts,
            @Nullable Long objectSizeBytes,
            @Nullable Checksum checksum) {}

    /**
     * The object can be made.
     *
     * @param parts in order
     * @param leavesParts whether stored parts are not listed: they must survive a completion that fails
     */
    record Plan(
            List<PartRecord> parts,
            boolean leavesParts,
            long sizeBytes,
            ETag etag,
            @Nullable Checksum checksum,
            String listDigest)
            implements CompletionPlan {}

    /** Not stored, or under another ETag or checksum. */
    record InvalidPart(int number, ETag etag) implements CompletionPlan {}

    /** Not strictly ascending. */
    record InvalidPartOrder() implements CompletionPlan {}

    /** Below the least size of a part that is not the last. */
    record PartTooSmall(int number, ETag etag, long sizeBytes) implements CompletionPlan {}

    record SizeMismatch(long sizeBytes) implements CompletionPlan {}

    /** Null where the object has no checksum of that kind. */
    record ChecksumMismatch(@Nullable Checksum actual) implements CompletionPlan {}

    /**
     * Judges a request against the parts that are stored.
     *
     * @param stored the newest record of each number
     * @param minPartBytes the least size of all parts but the last
     */
    static CompletionPlan of(
            UploadRecord upload, Map<PartNumber, PartRecord> stored, Request request, long minPartBytes) {
        List<PartRecord> parts = new ArrayList<>(request.parts().size());
        int last = 0;
        for (Listed listed : request.parts()) {
            if (listed.number().value() <= last) {
                return new InvalidPartOrder();
            }
            last = listed.number().value();
            PartRecord part = stored.get(listed.number());
            if (part == null || !part.md5().equals(listed.etag()) || !agrees(listed.checksum(), part.checksum())) {
                return new InvalidPart(last, listed.etag());
            }
            parts.add(part);
        }
        long size = 0;
        for (int i = 0; i < parts.size(); i++) {
            PartRecord part = parts.get(i);
            if (i < parts.size() - 1 && part.sizeBytes() < minPartBytes) {
                return new PartTooSmall(part.number().value(), part.md5(), part.sizeBytes());
            }
            size += part.sizeBytes();
        }
        if (request.objectSizeBytes() != null && request.objectSizeBytes() != size) {
            return new SizeMismatch(size);
        }
        Checksum demanded = request.checksum();
        if (demanded != null) {
            Checksum actual = join(demanded.algorithm(), demanded.type(), parts);
            if (!demanded.equals(actual)) {
                return new ChecksumMismatch(actual);
            }
        }
        boolean leavesParts = stored.size() > parts.size();
        return new Plan(parts, leavesParts, size, etag(parts), checksum(upload, parts), listDigest(request.parts()));
    }

    private static boolean agrees(@Nullable Checksum listed, @Nullable Checksum stored) {
        return listed == null || listed.equals(stored);
    }

    /**
     * What the upload was begun with. Where it was begun without, over the whole object and of the algorithm that all parts
     * have, which is S3's default where the client sent none; nothing where that algorithm cannot be joined.
     */
    private static @Nullable Checksum checksum(UploadRecord upload, List<PartRecord> parts) {
        if (upload.algorithm() != null && upload.type() != null) {
            return join(upload.algorithm(), upload.type(), parts);
        }
        Checksum first = parts.getFirst().checksum();
        return first == null ? null : join(first.algorithm(), ChecksumType.FULL_OBJECT, parts);
    }

    private static @Nullable Checksum join(ChecksumAlgorithm algorithm, ChecksumType type, List<PartRecord> parts) {
        List<PartChecksums.Part> sums = new ArrayList<>(parts.size());
        for (PartRecord part : parts) {
            Checksum sum = part.checksum();
            if (sum == null || sum.algorithm() != algorithm) {
                return null;
            }
            sums.add(new PartChecksums.Part(sum, part.sizeBytes()));
        }
        return algorithm.allows(type) ? PartChecksums.join(algorithm, type, sums) : null;
    }

    /** The MD5 of the parts' MD5s, and how many they are. */
    private static ETag etag(List<PartRecord> parts) {
        MessageDigest md5 = digest("MD5");
        for (PartRecord part : parts) {
            md5.update(HexFormat.of().parseHex(part.md5().value()));
        }
        return new ETag(HexFormat.of().formatHex(md5.digest()) + "-" + parts.size());
    }

    /** Tells one list of parts from another: the same for every repeat of a request. */
    static String listDigest(List<Listed> parts) {
        MessageDigest sha = digest("SHA-256");
        for (Listed part : parts) {
            String line = part.number().value() + " " + part.etag().value() + "\n";
            sha.update(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(sha.digest());
    }

    private static MessageDigest digest(String name) {
        try {
            return MessageDigest.getInstance(name);
        } catch (NoSuchAlgorithmException e) {
            throw new LinkageError("every JDK has " + name, e);
        }
    }

    /** The sidecar of the object that a plan makes, under the id of the mutation that brings it. */
    static Sidecar sidecar(UploadRecord upload, Plan plan, UploadId mutation) {
        Checksum sum = plan.checksum();
        List<Sidecar.Part> parts = new ArrayList<>(plan.parts().size());
        for (PartRecord part : plan.parts()) {
            parts.add(new Sidecar.Part(part.number().value(), part.sizeBytes(), named(part.checksum())));
        }
        return new Sidecar(
                upload.object(),
                mutation,
                0,
                plan.sizeBytes(),
                plan.etag(),
                upload.headers(),
                upload.userMetadata(),
                upload.tags(),
                named(sum),
                sum == null ? null : sum.type().name(),
                parts,
                null);
    }

    private static Map<String, String> named(@Nullable Checksum sum) {
        Map<String, String> map = new TreeMap<>();
        if (sum != null) {
            map.put(sum.algorithm().name().toLowerCase(Locale.ROOT), sum.base64());
        }
        return map;
    }
}
