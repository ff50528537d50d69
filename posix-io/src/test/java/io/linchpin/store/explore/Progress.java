package io.linchpin.store.explore;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a long exploration has done so far, in a directory, so that one that was stopped goes on: {@code units.txt}, a line
 * for each finished unit of work, and {@code states.bin}, the hashes of all states.
 */
final class Progress implements AutoCloseable {
    private static final int FIELDS = 12;

    final Counts total = new Counts();
    private final Set<String> finished = new HashSet<>();
    private final Path units;
    private final FileChannel states;

    Progress(Path directory, StateSet known) throws IOException {
        Files.createDirectories(directory);
        units = directory.resolve("units.txt");
        states = FileChannel.open(
                directory.resolve("states.bin"),
                StandardOpenOption.CREATE,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
        long end = 0;
        for (String line : Files.exists(units) ? Files.readAllLines(units) : List.<String>of()) {
            String[] fields = line.split("\t", -1);
            if (fields.length == FIELDS) {
                finished.add(fields[0]);
                end = Long.parseLong(fields[1]);
                total.add(counts(fields));
            }
        }
        // What a unit that was cut short has left is found again by its next run.
        states.truncate(end);
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        states.position(0);
        while (states.read(buffer) >= 0) {
            buffer.flip();
            while (buffer.remaining() >= Long.BYTES) {
                known.add(buffer.getLong());
            }
            buffer.compact();
            known.takeAdded();
        }
    }

    private static Counts counts(String[] fields) {
        Counts counts = new Counts();
        counts.states = Long.parseLong(fields[2]);
        counts.kills = Long.parseLong(fields[3]);
        counts.cuts = Long.parseLong(fields[4]);
        counts.repeats = Long.parseLong(fields[5]);
        counts.points = Long.parseLong(fields[6]);
        counts.recoveries = Long.parseLong(fields[7]);
        counts.boundedPoints = Long.parseLong(fields[8]);
        counts.notCrashedAgain = Long.parseLong(fields[9]);
        counts.unvisitedPoints = Long.parseLong(fields[10]);
        for (String each : fields[11].isEmpty() ? new String[0] : fields[11].split("\u0001", -1)) {
            counts.violations.add(each.replace('\u0002', '\n'));
        }
        return counts;
    }

    boolean isFinished(String unit) {
        return finished.contains(unit);
    }

    int finished() {
        return finished.size();
    }

    /** Notes a unit of work and the states that it found. */
    void finish(String unit, Counts counts, StateSet known) throws IOException {
        long[] added = known.takeAdded();
        ByteBuffer bytes = ByteBuffer.allocate(added.length * Long.BYTES);
        for (long each : added) {
            bytes.putLong(each);
        }
        bytes.flip();
        while (bytes.hasRemaining()) {
            states.write(bytes);
        }
        List<String> violations =
                counts.violations.stream().map(v -> v.replace('\n', '\u0002')).toList();
        String line = String.join(
                "\t",
                unit,
                "" + states.position(),
                "" + counts.states,
                "" + counts.kills,
                "" + counts.cuts,
                "" + counts.repeats,
                "" + counts.points,
                "" + counts.recoveries,
                "" + counts.boundedPoints,
                "" + counts.notCrashedAgain,
                "" + counts.unvisitedPoints,
                String.join("\u0001", violations));
        Files.writeString(
                units, line + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        finished.add(unit);
        total.add(counts);
    }

    @Override
    public void close() throws IOException {
        states.close();
    }
}
