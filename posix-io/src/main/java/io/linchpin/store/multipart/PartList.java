package io.linchpin.store.multipart;

import io.linchpin.store.value.Checksum;
import io.linchpin.store.value.ChecksumAlgorithm;
import io.linchpin.store.value.ChecksumType;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.PartNumber;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A list of parts as a file: a line each, {@code <number> <etag in base64> [<algorithm> <type> <checksum>]}. The ETag is a
 * client's text, of which nothing is known.
 */
final class PartList {
    /** 10,000 parts of 1 KiB. */
    static final int LIMIT_BYTES = 10 << 20;

    private PartList() {}

    static byte[] encode(List<CompletionPlan.Listed> parts) {
        StringBuilder lines = new StringBuilder();
        for (CompletionPlan.Listed part : parts) {
            byte[] etag = part.etag().value().getBytes(StandardCharsets.UTF_8);
            lines.append(part.number().value()).append(' ');
            lines.append(Base64.getEncoder().encodeToString(etag));
            Checksum sum = part.checksum();
            if (sum != null) {
                lines.append(' ').append(sum.algorithm()).append(' ').append(sum.type());
                lines.append(' ').append(sum.base64());
            }
            lines.append('\n');
        }
        return lines.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static List<CompletionPlan.Listed> decode(byte[] bytes) throws IOException {
        List<CompletionPlan.Listed> parts = new ArrayList<>();
        try {
            for (String line :
                    new String(bytes, StandardCharsets.US_ASCII).lines().toList()) {
                String[] words = line.split(" ", -1);
                Checksum sum = null;
                if (words.length > 2) {
                    ChecksumAlgorithm algorithm = ChecksumAlgorithm.valueOf(words[2]);
                    sum = new Checksum(algorithm, words[4], ChecksumType.valueOf(words[3]));
                }
                ETag etag = new ETag(new String(Base64.getDecoder().decode(words[1]), StandardCharsets.UTF_8));
                parts.add(new CompletionPlan.Listed(new PartNumber(Integer.parseInt(words[0])), etag, sum));
            }
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("damaged list of parts: " + e.getMessage(), e);
        }
        return parts;
    }
}
