package io.linchpin.http.wire;

import java.util.List;
import java.util.Optional;

/**
 * The answer to DeleteObjects.
 *
 * @param quiet whether only errors are listed
 */
public record DeleteDocument(boolean quiet, List<Outcome> outcomes) {
    /** What became of one object. */
    public sealed interface Outcome {
        /**
         * Gone, or never there.
         *
         * @param deleteMarkerVersionId the version of the delete marker that was made or removed, where one was
         */
        record Deleted(String key, Optional<String> versionId, Optional<String> deleteMarkerVersionId)
                implements Outcome {}

        record Failed(String key, Optional<String> versionId, ErrorCode code, String message) implements Outcome {}
    }

    public String xml() {
        XmlWriter xml = XmlWriter.s3("DeleteResult", 128 + 128 * outcomes.size());
        for (Outcome outcome : outcomes) {
            switch (outcome) {
                case Outcome.Deleted d -> {
                    if (!quiet) {
                        deleted(xml, d);
                    }
                }
                case Outcome.Failed f -> {
                    xml.open("Error").text("Key", f.key());
                    f.versionId().ifPresent(v -> xml.text("VersionId", v));
                    xml.text("Code", f.code().name())
                            .text("Message", f.message())
                            .close("Error");
                }
            }
        }
        return xml.close("DeleteResult").done();
    }

    private static void deleted(XmlWriter xml, Outcome.Deleted d) {
        xml.open("Deleted").text("Key", d.key());
        d.versionId().ifPresent(v -> xml.text("VersionId", v));
        d.deleteMarkerVersionId().ifPresent(v -> xml.bool("DeleteMarker", true).text("DeleteMarkerVersionId", v));
        xml.close("Deleted");
    }
}
