package io.linchpin.http.supervisor;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** The region that signatures must name, as the nodes read it. */
public final class Region {
    private static final String FILE = "http.conf";

    private Region() {}

    /**
     * The region of nodes that are started with such a conf directory.
     *
     * @param conf empty for the built-in settings alone
     * @throws RefusedException where its file is damaged
     */
    public static String of(Optional<Path> conf) throws RefusedException {
        try {
            Config files = ConfigFactory.parseResources("linchpin/" + FILE);
            Optional<Path> own = conf.map(directory -> directory.resolve(FILE)).filter(Files::exists);
            if (own.isPresent()) {
                files = ConfigFactory.parseFile(own.get().toFile()).withFallback(files);
            }
            return files.resolve().getString("linchpin.http.region");
        } catch (ConfigException e) {
            throw new RefusedException(String.valueOf(e.getMessage()));
        }
    }
}
