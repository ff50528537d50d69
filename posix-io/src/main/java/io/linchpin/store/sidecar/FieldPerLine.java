package io.linchpin.store.sidecar;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import java.io.IOException;

/** One line for each field of the document and each member of its maps and lists; what lies deeper stays on that line. */
final class FieldPerLine implements PrettyPrinter {
    private static final int DEEPEST_WITH_LINES = 2;
    private static final String[] BREAKS = {"\n", "\n  ", "\n    "};

    private int depth;

    @Override
    public void writeStartObject(JsonGenerator json) throws IOException {
        json.writeRaw('{');
        depth++;
    }

    @Override
    public void writeStartArray(JsonGenerator json) throws IOException {
        json.writeRaw('[');
        depth++;
    }

    @Override
    public void beforeObjectEntries(JsonGenerator json) throws IOException {
        newLine(json);
    }

    @Override
    public void beforeArrayValues(JsonGenerator json) throws IOException {
        newLine(json);
    }

    @Override
    public void writeObjectFieldValueSeparator(JsonGenerator json) throws IOException {
        json.writeRaw(": ");
    }

    @Override
    public void writeObjectEntrySeparator(JsonGenerator json) throws IOException {
        separator(json);
    }

    @Override
    public void writeArrayValueSeparator(JsonGenerator json) throws IOException {
        separator(json);
    }

    @Override
    public void writeEndObject(JsonGenerator json, int members) throws IOException {
        end(json, members, '}');
    }

    @Override
    public void writeEndArray(JsonGenerator json, int members) throws IOException {
        end(json, members, ']');
    }

    @Override
    public void writeRootValueSeparator(JsonGenerator json) {
        // There is one root.
    }

    private void newLine(JsonGenerator json) throws IOException {
        if (depth <= DEEPEST_WITH_LINES) {
            json.writeRaw(BREAKS[depth]);
        }
    }

    private void separator(JsonGenerator json) throws IOException {
        json.writeRaw(',');
        if (depth <= DEEPEST_WITH_LINES) {
            json.writeRaw(BREAKS[depth]);
        } else {
            json.writeRaw(' ');
        }
    }

    private void end(JsonGenerator json, int members, char bracket) throws IOException {
        depth--;
        if (members > 0 && depth < DEEPEST_WITH_LINES) {
            json.writeRaw(BREAKS[depth]);
        }
        json.writeRaw(bracket);
    }
}
