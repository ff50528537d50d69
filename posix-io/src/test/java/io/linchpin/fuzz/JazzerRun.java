package io.linchpin.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Jazzer in a process of its own: its driver brings its agent and libFuzzer, which want a JVM to themselves. */
final class JazzerRun {
    private static final int SHOWN_LINES = 60;

    private JazzerRun() {}

    static void of(FuzzTarget target, long seconds) throws IOException, InterruptedException {
        Path work = Files.createDirectories(
                        Path.of("target", "fuzz", target.getClass().getSimpleName()))
                .toAbsolutePath();
        Path corpus = Files.createDirectories(work.resolve("corpus"));
        int number = 0;
        for (byte[] seed : target.seeds()) {
            Files.write(corpus.resolve("seed-" + number++), seed);
        }
        Path log = work.resolve("log");
        Process process = new ProcessBuilder(command(target, seconds, corpus))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        List<String> lines = Files.readAllLines(log, java.nio.charset.StandardCharsets.ISO_8859_1);
        lines.stream()
                .filter(line -> line.startsWith("stat::number_of_executed_units") || line.contains("DONE"))
                .forEach(line -> System.out.println(target.getClass().getSimpleName() + " by Jazzer: " + line));
        String tail = String.join("\n", lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size()));
        assertEquals(0, exit, () -> log + ":\n" + tail);
    }

    private static List<String> command(FuzzTarget target, long seconds, Path corpus) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+EnableDynamicAgentLoading");
        command.add("-Xmx1g");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add("com.code_intelligence.jazzer.Jazzer");
        command.add("--target_class=" + JazzerEntry.class.getName());
        command.add("--target_args=" + target.getClass().getName());
        command.add("--instrumentation_includes=io.linchpin.**");
        command.add("--reproducer_path=.");
        command.add("-max_total_time=" + seconds);
        command.add("-max_len=4096");
        command.add("-timeout=60");
        command.add("-rss_limit_mb=2560");
        command.add("-print_final_stats=1");
        command.add(corpus.toString());
        return command;
    }
}
