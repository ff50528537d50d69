package io.linchpin.cluster.multipart;

import io.linchpin.cluster.api.Multipart.UploadQuery;
import io.linchpin.cluster.api.MultipartOutcome;
import io.linchpin.store.multipart.UploadRecord;
import io.linchpin.store.value.ObjectKey;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One page of a bucket's uploads: by key, and of one key by upload id, whose first half is the moment of initiation. */
final class UploadListing {
    private static final Comparator<UploadRecord> ORDER = Comparator.comparing(
                    (UploadRecord r) -> r.object().key())
            .thenComparing(r -> r.upload().hex());

    private UploadListing() {}

    static MultipartOutcome.Uploads page(List<UploadRecord> uploads, UploadQuery query) {
        List<UploadRecord> sorted = uploads.stream()
                .filter(r -> r.object().key().value().startsWith(query.prefix()))
                .sorted(ORDER)
                .toList();
        List<MultipartOutcome.UploadView> views = new ArrayList<>();
        List<String> commonPrefixes = new ArrayList<>();
        String lastKey = "";
        String lastId = "";
        String lastPrefix = null;
        for (UploadRecord r : sorted) {
            String key = r.object().key().value();
            String common = commonPrefix(key, query);
            if (!isAfter(r, common, query) || (common != null && common.equals(lastPrefix))) {
                continue;
            }
            if (views.size() + commonPrefixes.size() == query.maxUploads()) {
                return new MultipartOutcome.Uploads(views, commonPrefixes, true, lastKey, lastId);
            }
            if (common == null) {
                views.add(new MultipartOutcome.UploadView(
                        r.object().key(), r.upload(), r.initiated(), r.algorithm(), r.type()));
                lastKey = key;
                lastId = r.upload().hex();
            } else {
                commonPrefixes.add(common);
                lastPrefix = common;
                lastKey = common;
                lastId = "";
            }
        }
        return new MultipartOutcome.Uploads(views, commonPrefixes, false, "", "");
    }

    private static @org.jspecify.annotations.Nullable String commonPrefix(String key, UploadQuery query) {
        if (query.delimiter().isEmpty()) {
            return null;
        }
        int at = key.indexOf(query.delimiter(), query.prefix().length());
        return at < 0 ? null : key.substring(0, at + query.delimiter().length());
    }

    private static boolean isAfter(
            UploadRecord r, @org.jspecify.annotations.Nullable String common, UploadQuery query) {
        String marker = query.keyMarker();
        if (marker.isEmpty()) {
            return true;
        }
        // A page that ended with a common prefix names it as its marker: nothing below it comes again.
        int order = ObjectKey.compareUtf8(common == null ? r.object().key().value() : common, marker);
        if (order != 0 || common != null) {
            return order > 0;
        }
        return !query.uploadIdMarker().isEmpty() && r.upload().hex().compareTo(query.uploadIdMarker()) > 0;
    }
}
