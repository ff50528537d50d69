package io.linchpin.it.harness;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;

/**
 * The classes of a node, as the JVM of an earlier one had loaded and linked them: hundreds of nodes are started by these
 * tests, and with it each takes half of the processor's time until it serves. A JVM that cannot use it does without.
 */
final class NodeArchive {
    private static final Path FILE = Path.of("target", "node.jsa").toAbsolutePath();

    private NodeArchive() {}

    /** Options of a JVM that uses the archive; it is made where there is none of these jars. */
    static synchronized List<String> options(String classPath) throws Exception {
        if (!isUpToDate(classPath)) {
            make();
        }
        return List.of("-XX:SharedArchiveFile=" + FILE, "-Xlog:cds=off", "-Xlog:aot=off");
    }

    private static boolean isUpToDate(String classPath) throws IOException {
        if (!Files.exists(FILE)) {
            return false;
        }
        FileTime made = Files.getLastModifiedTime(FILE);
        for (String entry : Arrays.asList(classPath.split(File.pathSeparator, -1))) {
            if (Files.getLastModifiedTime(Path.of(entry)).compareTo(made) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Another test run may be at the same: whoever is last leaves its own, which serves as well. */
    private static void make() throws Exception {
        Path directory = Files.createDirectories(FILE.getParent())
                .resolve("archive-" + ProcessHandle.current().pid());
        Path store = Files.createDirectories(directory.resolve("store"));
        Path fresh = directory.resolve("node.jsa");
        NodeJvm node = NodeJvm.archiving(store, directory.resolve("node.out"), fresh);
        node.awaitReady();
        node.terminate();
        if (Files.exists(fresh)) {
            Files.move(fresh, FILE, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        Trees.remove(directory);
    }
}
