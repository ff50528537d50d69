package io.linchpin.store.multipart;

import io.linchpin.store.value.PartNumber;
import io.linchpin.store.value.UploadId;
import org.jspecify.annotations.Nullable;

/**
 * The files of one upload's directory, {@code .linchpin/uploads/<bucket>/<upload id>/}:
 *
 * <pre>
 * create.json                      what the upload was begun with. A directory without it is no upload (any more)
 * stride                           distance of two parts in the base file, in bytes, decimal; set once
 * base                             part n at (n - 1) x stride
 * claim.NNNNN                      the incarnation that may write part NNNNN's slot, or "ended" once it never will again.
 *                                  Made with O_EXCL before a byte of the slot is written, and never removed
 * data.&lt;part id&gt;             a part in a file of its own
 * rec.&lt;part id&gt;              a part's record, written and durable, not yet committed
 * part.NNNNN.SSSSSSSS.&lt;part id&gt; a committed record: of one part number the greatest sequence number S (hex) holds
 * list.&lt;id&gt;             the parts that a request to complete lists: too many for a message
 * completing.json                  a completion is under way; nothing in the base file may change
 * sent.json                        ... and its mutation may have been sent to the key's owner
 * session.lock                     held by a session through each of its steps
 * outcome.json                     the completion succeeded; the parts are gone
 * </pre>
 */
final class UploadFiles {
    static final String CREATE = "create.json";
    static final String STRIDE = "stride";
    static final String BASE = "base";
    static final String COMPLETING = "completing.json";
    static final String SENT = "sent.json";
    static final String OUTCOME = "outcome.json";

    static final String LOCK = "session.lock";

    private static final String LIST_PREFIX = "list.";
    private static final String CLAIM_PREFIX = "claim.";
    private static final String PREPARED_PREFIX = "rec.";
    private static final String PART_PREFIX = "part.";
    private static final int PART_NAME_LENGTH = PART_PREFIX.length() + 5 + 1 + 8 + 1 + 32;

    private UploadFiles() {}

    /** Whether a file outlives the end of the upload. Lists do: who waits for an answer to one still gets it. */
    static boolean isKept(String name) {
        return name.equals(OUTCOME) || name.equals(CREATE) || name.equals(LOCK) || name.startsWith(LIST_PREFIX);
    }

    static String claim(PartNumber part) {
        return CLAIM_PREFIX + digits(part);
    }

    static String ownData(UploadId partId) {
        return "data." + partId;
    }

    static String prepared(UploadId partId) {
        return PREPARED_PREFIX + partId;
    }

    static boolean isPrepared(String name) {
        return name.startsWith(PREPARED_PREFIX);
    }

    static String part(PartNumber part, int sequence, UploadId partId) {
        return PART_PREFIX + digits(part) + "." + String.format("%08x", sequence) + "." + partId;
    }

    static String list(UploadId id) {
        return LIST_PREFIX + id;
    }

    /** A name used once, for a file that is renamed or linked to another name at once. */
    static String fresh(String name, UploadId unique) {
        return "new." + unique + "." + name;
    }

    /** The part number of a claim's name, or null. */
    static @Nullable PartNumber claimed(String name) {
        if (!name.startsWith(CLAIM_PREFIX) || name.length() != CLAIM_PREFIX.length() + 5) {
            return null;
        }
        return number(name, CLAIM_PREFIX.length());
    }

    /** What a committed record's name says, or null. */
    static @Nullable PartName committed(String name) {
        if (!name.startsWith(PART_PREFIX) || name.length() != PART_NAME_LENGTH) {
            return null;
        }
        int at = PART_PREFIX.length();
        PartNumber number = number(name, at);
        UploadId id = UploadId.parse(name.substring(at + 15)).orElse(null);
        if (number == null || id == null || name.charAt(at + 5) != '.' || name.charAt(at + 14) != '.') {
            return null;
        }
        try {
            return new PartName(number, Integer.parseUnsignedInt(name, at + 6, at + 14, 16), id);
        } catch (NumberFormatException notHex) {
            return null;
        }
    }

    record PartName(PartNumber number, int sequence, UploadId partId) {
        String file() {
            return part(number, sequence, partId);
        }
    }

    private static String digits(PartNumber part) {
        return String.format("%05d", part.value());
    }

    private static @Nullable PartNumber number(String name, int from) {
        int n = 0;
        for (int i = from; i < from + 5; i++) {
            int digit = name.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return null;
            }
            n = n * 10 + digit;
        }
        return PartNumber.of(n).orElse(null);
    }
}
