package io.linchpin.store.multipart;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.store.commit.Mutation;
import io.linchpin.store.value.Incarnation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever was sent, in whatever order, sent again, cut short, left out, waiting for its commit or still being written: the
 * completed file holds the listed parts one after the other, now and after a failed completion and a second one. The seed is
 * printed.
 */
class MultipartPropertyTest {
    private static final int RUNS = 400;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path dir;

    private int moves;
    private int copies;

    @Test
    void completedBytesAreTheListedPartsOneAfterTheOther() throws IOException {
        long seed = System.nanoTime();
        System.out.println("MultipartPropertyTest seed " + seed);
        for (int run = 0; run < RUNS; run++) {
            Random random = new Random(seed + run);
            Path root = Files.createDirectory(dir.resolve("run" + run));
            try (Uploads uploads = new Uploads(root, random)) {
                one(uploads, random);
            } catch (AssertionError | IOException | RuntimeException e) {
                throw new AssertionError("seed " + (seed + run), e);
            }
        }
        assertTrue(moves > RUNS / 10, "the base file was moved " + moves + " times");
        assertTrue(copies > RUNS / 10, "parts were copied " + copies + " times");
    }

    private void one(Uploads uploads, Random random) throws IOException {
        int count = 1 + random.nextInt(8);
        int usual = 8 * (1 + random.nextInt(4));
        // Half of the uploads are what a sane client sends: equal parts and a shorter last one.
        boolean sane = random.nextBoolean();
        List<PartFile> hanging = new ArrayList<>();
        Map<Integer, byte[]> stored = new TreeMap<>();
        int events = sane ? count : 1 + random.nextInt(3 * count);
        List<Integer> order = shuffled(count, random);
        for (int i = 0; i < events; i++) {
            int number = sane ? order.get(i) : 1 + random.nextInt(count + 2);
            int size = size(sane, number == count, usual, random);
            send(uploads, random, number, bytes(size, random), stored, sane ? null : hanging);
        }
        if (sane && random.nextInt(3) == 0) {
            int again = 1 + random.nextInt(count);
            byte[] same = bytes(java.util.Objects.requireNonNull(stored.get(again)).length, random);
            send(uploads, random, again, same, stored, null);
        }
        if (stored.isEmpty()) {
            return;
        }
        List<Waiting> waiting = new ArrayList<>();
        for (int i = random.nextInt(3); i > 0; i--) {
            waiting.add(prepare(uploads, 1 + random.nextInt(count + 2), bytes(usual, random)));
        }
        completeAndCompare(uploads, random, stored, hanging);
        if (random.nextBoolean()) {
            return;
        }
        // Refused: the upload is open again, takes more parts, and is completed anew from what it has.
        try (UploadDirectory u = uploads.open()) {
            u.reopen();
            for (Waiting part : waiting) {
                assertTrue(u.commit(List.of(part.prepared)).getFirst().isPresent());
                stored.put(part.prepared.number().value(), part.bytes);
            }
        }
        for (int i = 0; i < 3; i++) {
            int number = 1 + random.nextInt(count + 2);
            send(uploads, random, number, bytes(size(sane, false, usual, random), random), stored, null);
        }
        completeAndCompare(uploads, random, stored, hanging);
    }

    /** A part whose commit waits behind a completion. */
    private record Waiting(UploadDirectory.Prepared prepared, byte[] bytes) {}

    private static Waiting prepare(Uploads uploads, int number, byte[] bytes) throws IOException {
        try (PartFile part = uploads.openPart(number, bytes.length)) {
            part.write(ByteBuffer.wrap(bytes));
            return new Waiting(part.prepare(Uploads.md5(bytes), Uploads.crc(bytes), Uploads.NOW), bytes);
        }
    }

    private static int size(boolean sane, boolean last, int usual, Random random) {
        if (sane) {
            return last ? random.nextInt(usual + 1) : usual;
        }
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(3 * usual);
            case 1 -> 2 * usual;
            default -> usual;
        };
    }

    /** Sends a part; where hanging parts are allowed it may be cut short, or stay open for writing. */
    private static void send(
            Uploads uploads,
            Random random,
            int number,
            byte[] bytes,
            Map<Integer, byte[]> stored,
            @org.jspecify.annotations.Nullable List<PartFile> hanging)
            throws IOException {
        Incarnation by = List.of(Uploads.SELF, Uploads.OTHER, Uploads.DYING).get(random.nextInt(3));
        PartFile part = uploads.openPart(by, number, bytes.length);
        int fate = hanging == null ? 9 : random.nextInt(8);
        int cut = random.nextInt(bytes.length + 1);
        part.write(ByteBuffer.wrap(bytes, 0, cut));
        if (fate == 0) {
            part.close();
            return;
        }
        if (fate == 1 && hanging != null) {
            if (!by.equals(Uploads.DYING)) {
                hanging.add(part);
            }
            return;
        }
        part.write(ByteBuffer.wrap(bytes, cut, bytes.length - cut));
        assertTrue(uploads.commit(part, bytes).isPresent());
        part.close();
        stored.put(number, bytes);
    }

    private void completeAndCompare(Uploads uploads, Random random, Map<Integer, byte[]> stored, List<PartFile> hanging)
            throws IOException {
        List<CompletionPlan.Listed> listed = new ArrayList<>();
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        boolean omit = random.nextInt(3) == 0;
        for (Map.Entry<Integer, byte[]> part : stored.entrySet()) {
            if (!listed.isEmpty() && omit && random.nextInt(3) == 0) {
                continue;
            }
            listed.add(Uploads.listed(part.getKey(), part.getValue()));
            expected.write(part.getValue());
        }
        uploads.dead.add(Uploads.DYING);
        var plan = assertInstanceOf(CompletionPlan.Plan.class, uploads.plan(0, listed));
        Mutation.Put put = uploads.complete(plan, random.nextBoolean());
        // Who is still sending goes on after the completion, and must not reach the object.
        for (PartFile late : hanging) {
            scribble(late);
        }
        hanging.clear();
        Path data = uploads.staged(put);
        assertArrayEquals(expected.toByteArray(), Files.readAllBytes(data));
        assertEquals(expected.size(), put.size());
        assertEquals(Uploads.crc(expected.toByteArray()), plan.checksum());
        if (((Integer) Files.getAttribute(data, "unix:nlink")) > 1) {
            moves++;
        } else {
            copies++;
        }
        // The owner refuses, or takes: either way the staged name is gone.
        Files.delete(data);
    }

    private static void scribble(PartFile late) throws IOException {
        try {
            late.write(ByteBuffer.wrap(new byte[] {(byte) 0xEE}));
        } catch (IllegalStateException full) {
            // It had all its bytes already.
        }
        late.close();
    }

    private static byte[] bytes(int size, Random random) {
        byte[] bytes = new byte[size];
        random.nextBytes(bytes);
        return bytes;
    }

    private static List<Integer> shuffled(int count, Random random) {
        List<Integer> numbers = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            numbers.add(i);
        }
        java.util.Collections.shuffle(numbers, random);
        return numbers;
    }
}
