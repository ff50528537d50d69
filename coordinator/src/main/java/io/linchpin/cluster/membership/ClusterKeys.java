package io.linchpin.cluster.membership;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.linchpin.store.layout.Names;
import io.linchpin.store.node.Peer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key pair by which the nodes of one store know each other: any user of the machine can reach a loopback port, but
 * only who may read the store's {@code users/cluster.p12} (mode 0600) gets through mutual TLS. Made by the running JDK's
 * keytool at the first start.
 */
public final class ClusterKeys {
    private static final Logger LOG = LoggerFactory.getLogger(ClusterKeys.class);
    private static final String TYPE = "PKCS12";
    private static final String FILE = Names.USERS + "/cluster.p12";
    /** PKCS#12 wants one; the file's mode is what protects the key. */
    private static final String PASSWORD = "linchpin";

    private static final String PASSWORD_VARIABLE = "LINCHPIN_KEYSTORE_PASSWORD";
    private static final long KEYTOOL_PATIENCE_SECONDS = 60;

    private ClusterKeys() {}

    /**
     * Makes the key pair unless it is there and can be loaded. To be called under the formation lock: of nodes that start at
     * once the first makes it, and the others load it.
     *
     * @param nodes all lives whose files are there
     * @throws IOException where it must be made and a living node has loaded it: the new one would keep nodes apart
     */
    public static Path ensure(Path root, List<Peer> nodes) throws IOException, InterruptedException {
        Path file = root.resolve(FILE);
        if (isLoadable(file)) {
            return file;
        }
        if (nodes.stream().anyMatch(ClusterKeys::hasLoaded)) {
            throw new IOException(
                    file + " is missing or damaged, and living nodes have loaded what it held: a new one would"
                            + " keep this node apart from them. Stop them all; the next start makes it anew");
        }
        Path users = root.resolve(Names.USERS);
        if (!Files.exists(users)) {
            Files.createDirectory(
                    users, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            force(root.resolve(Names.HOME));
        }
        // A directory that nobody else may enter, for keytool makes its file by the umask.
        Path work = Files.createTempDirectory(users, "cluster-keys-");
        Path fresh = work.resolve("cluster.p12");
        try {
            keytool(fresh);
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-------"));
            force(fresh);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
            force(users);
        } finally {
            Files.deleteIfExists(fresh);
            Files.deleteIfExists(work);
        }
        return file;
    }

    /** Its checksum is over all of it, so what can be loaded is whole. */
    private static boolean isLoadable(Path file) throws IOException {
        byte[] bytes;
        try {
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return false;
        }
        try {
            KeyStore.getInstance(TYPE).load(new ByteArrayInputStream(bytes), PASSWORD.toCharArray());
            return true;
        } catch (IOException | GeneralSecurityException damaged) {
            LOG.warn("{} cannot be loaded: {}", file, damaged.toString());
            return false;
        }
    }

    /** Whether a node lives whose actor system runs; of one that lives and says nothing, that must be assumed. */
    private static boolean hasLoaded(Peer node) {
        return node.alive() && (node.info() == null || node.info().clusterPort() != 0);
    }

    private static void force(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
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
                TYPE,
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
