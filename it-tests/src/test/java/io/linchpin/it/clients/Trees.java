package io.linchpin.it.clients;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Files to send, and what they hold. */
final class Trees {
    private Trees() {}

    /** Small files in folders of 50, every seventeenth empty. */
    static Path make(Path top, int count) throws IOException {
        Random random = new Random(count);
        for (int i = 0; i < count; i++) {
            Path folder = Files.createDirectories(top.resolve("folder " + i / 50));
            byte[] body = new byte[i % 17 == 0 ? 0 : random.nextInt(3000)];
            random.nextBytes(body);
            Files.write(folder.resolve("file-" + i + ".bin"), body);
        }
        return top;
    }

    /** Path below the top to SHA-256. */
    static Map<String, String> digests(Path top) throws IOException {
        Map<String, String> all = new TreeMap<>();
        try (Stream<Path> tree = Files.walk(top)) {
            for (Path file : tree.filter(Files::isRegularFile).toList()) {
                all.put(top.relativize(file).toString(), sha256(file));
            }
        }
        return all;
    }

    /** Writes random bytes and returns their SHA-256. */
    static String randomFile(Path file, long bytes, long seed) throws IOException {
        MessageDigest digest = sha256();
        Random random = new Random(seed);
        byte[] piece = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(file)) {
            for (long left = bytes; left > 0; left -= piece.length) {
                random.nextBytes(piece);
                int length = (int) Math.min(left, piece.length);
                digest.update(piece, 0, length);
                out.write(piece, 0, length);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    static String sha256(Path file) throws IOException {
        MessageDigest digest = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] piece = new byte[1 << 20];
            for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
                digest.update(piece, 0, n);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
