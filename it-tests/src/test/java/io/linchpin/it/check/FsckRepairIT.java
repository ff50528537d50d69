package io.linchpin.it.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.linchpin.it.harness.Cluster;
import io.linchpin.it.harness.Http;
import io.linchpin.store.layout.Names;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.Incarnation;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.ObjectKey;
import io.linchpin.store.value.UploadId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code linchpin fsck --repair}: of a store in use, and of one at rest with one of each thing that it repairs. */
class FsckRepairIT {
    private static final int OK = 0;
    private static final int FINDINGS = 1;
    private static final int REFUSED = 3;
    private static final Incarnation DEAD = Incarnation.of(0, 1);
    private static final byte[] BODY = "content".getBytes(StandardCharsets.UTF_8);

    /** What a run of the command came to. */
    private record Run(int status, String said) {}

    private static Run fsck(Path root, String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "io.linchpin.http.cli.Cli",
                "fsck",
                "--root",
                root.toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Run(process.waitFor(), said);
    }

    @Test
    void eachSafeRepairIsMadeOfAStoreAtRestOnly() throws Exception {
        try (Cluster cluster = Cluster.start(1)) {
            Http http = cluster.http();
            String bucket = cluster.newBucket();
            String etag = "";
            for (String key : List.of("kept", "removed", "touched")) {
                etag = http.put("/" + bucket + "/" + key, BODY, "x-amz-meta-of", key)
                        .etag();
            }
            Path root = cluster.root();
            Run inUse = fsck(root, "--repair");
            assertEquals(REFUSED, inUse.status(), inUse.said());
            cluster.node(0).terminate();
            assertEquals(new Run(OK, inWords(3, 0, 3, "all is well")), fsck(root));

            Path unfinished = spoil(root, bucket);
            List<Path> sidecars = sidecarsOf(root, bucket, "removed");
            assertEquals(1, sidecars.size());
            Run repaired = fsck(root, "--repair");
            assertEquals(FINDINGS, repaired.status(), repaired.said());
            assertTrue(repaired.said().contains("4 of 4 safe repairs made."), repaired.said());
            assertFalse(Files.exists(sidecars.getFirst()) || Files.exists(unfinished), repaired.said());

            Run again = fsck(root, "--digest");
            assertEquals(FINDINGS, again.status(), again.said());
            assertTrue(
                    again.said().contains("displaced/by-hand") && again.said().contains("1 findings"), again.said());
            Files.delete(root.resolve(Names.DISPLACED).resolve("by-hand"));
            assertEquals(new Run(OK, inWords(2, 0, 2, "all is well")), fsck(root, "--digest"));

            cluster.node(0).restart();
            for (String key : List.of("kept", "touched")) {
                Http.Answer answer = http.get("/" + bucket + "/" + key);
                assertEquals(Map.of(key, etag), Map.of(answer.header("x-amz-meta-of"), answer.etag()));
            }
            assertEquals(404, http.get("/" + bucket + "/removed").status());
        }
    }

    private static String inWords(int objects, int foreign, int sidecars, String end) {
        return String.format(
                "%d objects (%d of them made by hand), %d sidecars, 0 multipart uploads: %s%n",
                objects, foreign, sidecars, end);
    }

    /** Leaves what each repair is for, and a file that only a person may judge. */
    private static Path spoil(Path root, String bucket) throws Exception {
        Files.delete(root.resolve(bucket).resolve("removed"));
        Files.setLastModifiedTime(root.resolve(bucket).resolve("touched"), FileTime.fromMillis(1));
        Path staging = Files.createDirectories(root.resolve(Names.staging(DEAD)));
        Files.createFile(staging.resolve(Names.stagedData(UploadId.of(1, 1))));
        Files.createFile(root.resolve(Names.DISPLACED).resolve("by-hand"));
        return Files.createFile(root.resolve(Names.BUCKETS).resolve(Names.unfinishedBucketState(DEAD) + "1"));
    }

    private static List<Path> sidecarsOf(Path root, String bucket, String key) throws Exception {
        String hash = Names.keyHash(new ObjectId(new BucketName(bucket), new ObjectKey(key)));
        try (Stream<Path> files = Files.walk(root.resolve(Names.sidecars(new BucketName(bucket))))) {
            return files.filter(file -> file.getFileName().toString().startsWith(hash))
                    .toList();
        }
    }
}
