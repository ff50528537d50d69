package io.linchpin.cluster.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.store.layout.Names;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The key pair by which the nodes of one store know each other: any user of the machine can reach a loopback port, but
 * only who may read the store's {@code users/cluster.p12} (mode 0600) gets through mutual TLS. Made by the running JDK's
 * keytool at the first start.
 */
public final class ClusterKeys {
    private static final String FILE = Names.USERS + "/cluster.p12";
    /** PKCS#12 wants one; the file's mode is what protects the key. */
    private static final String PASSWORD = "linchpin";

    private static final String PASSWORD_VARIABLE = "LINCHPIN_KEYSTORE_PASSWORD";
    private static final long KEYTOOL_PATIENCE_SECONDS = 60;

    private ClusterKeys() {}

    /** Makes the key pair unless it is there. To be called under the formation lock. */
    public static Path ensure(Path root) throws IOException, InterruptedException {
        Path file = root.resolve(FILE);
        if (Files.exists(file)) {
            return file;
        }
        Path users = root.resolve(Names.USERS);
        if (!Files.exists(users)) {
            Files.createDirectory(
                    users, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        // A directory that nobody else may enter, for keytool makes its file by the umask.
        Path work = Files.createTempDirectory(users, "cluster-keys-");
        Path fresh = work.resolve("cluster.p12");
        try {
            keytool(fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(work);
        }
        return file;
    }

    private static void keytool(Path keyStore) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "cluster",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=linchpin-cluster",
                "-validity",
                "36500",
                "-storetype",
                "PKCS12",
                "-keystore",
                keyStore.toString(),
                "-storepass:env",
                PASSWORD_VARIABLE);
        builder.environment().put(PASSWORD_VARIABLE, PASSWORD);
        Process process = builder.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(KEYTOOL_PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("keytool did not end within " + KEYTOOL_PATIENCE_SECONDS + " s");
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool ended with status " + process.exitValue() + " making " + keyStore);
        }
    }

    /** The transport's settings for these keys. */
    public static Config transport(Path keyStore) {
        String engine = "pekko.remote.artery.ssl.config-ssl-engine.";
        return ConfigFactory.parseMap(Map.of(
                "pekko.remote.artery.transport",
                "tls-tcp",
                engine + "key-store",
                keyStore.toString(),
                engine + "trust-store",
                keyStore.toString(),
                engine + "key-store-password",
                PASSWORD,
                engine + "key-password",
                PASSWORD,
                engine + "trust-store-password",
                PASSWORD,
                engine + "require-mutual-authentication",
                "on"));
    }
}
