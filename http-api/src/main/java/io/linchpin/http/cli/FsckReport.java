package io.linchpin.http.cli;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.store.check.Finding;
import io.linchpin.store.check.Fsck;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Locale;

/** Says what a check finds, as it finds it: for a person, or as one JSON document. */
interface FsckReport {
    void finding(Finding finding);

    /**
     * Says what was seen in all.
     *
     * @param planned repairs that were to be made; -1 where none were asked for
     * @param made repairs that were made
     */
    void end(Fsck.Summary summary, int planned, int made);

    static FsckReport text(PrintStream out) {
        return new FsckReport() {
            @Override
            public void finding(Finding finding) {
                String severity = finding.severity().name().toLowerCase(Locale.ROOT);
                out.printf("%-8s %s%n", severity, finding.sentence());
            }

            @Override
            public void end(Fsck.Summary summary, int planned, int made) {
                if (summary.findings() > 0) {
                    out.println();
                }
                out.printf(
                        "%d objects (%d of them made by hand), %d sidecars, %d multipart uploads: %s%n",
                        summary.objects(),
                        summary.foreign(),
                        summary.sidecars(),
                        summary.uploads(),
                        summary.findings() == 0 ? "all is well" : summary.findings() + " findings");
                if (planned >= 0) {
                    out.printf("%d of %d safe repairs made.%n", made, planned);
                }
                if (planned > made) {
                    out.println("The rest waits for the journals: start the store, stop it, and repair again.");
                }
            }
        };
    }

    static FsckReport json(PrintStream out) throws IOException {
        JsonGenerator json = new ObjectMapper().createGenerator(out);
        json.useDefaultPrettyPrinter();
        json.writeStartObject();
        json.writeArrayFieldStart("findings");
        return new FsckReport() {
            @Override
            public void finding(Finding finding) {
                try {
                    json.writeStartObject();
                    json.writeStringField("kind", finding.getClass().getSimpleName());
                    json.writeStringField("severity", finding.severity().name());
                    json.writeStringField("sentence", finding.sentence());
                    json.writeEndObject();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public void end(Fsck.Summary summary, int planned, int made) {
                try {
                    json.writeEndArray();
                    json.writeNumberField("objects", summary.objects());
                    json.writeNumberField("foreign", summary.foreign());
                    json.writeNumberField("sidecars", summary.sidecars());
                    json.writeNumberField("uploads", summary.uploads());
                    if (planned >= 0) {
                        json.writeNumberField("repairsPlanned", planned);
                        json.writeNumberField("repairsMade", made);
                    }
                    json.writeEndObject();
                    json.flush();
                    out.println();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
