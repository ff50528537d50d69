package io.linchpin.cluster.node;

import io.linchpin.posix.BootClock;
import io.linchpin.store.bucket.BucketCheck;
import io.linchpin.store.bucket.BucketStates;
import io.linchpin.store.commit.LocalShardStore;
import io.linchpin.store.commit.ShardStore;
import io.linchpin.store.layout.Probe;
import io.linchpin.store.layout.StoreCapabilities;
import io.linchpin.store.layout.StoreFormat;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.node.Fatal;
import io.linchpin.store.node.NodeLocks;
import io.linchpin.store.publish.PublishSettings;
import io.linchpin.store.recovery.Boot;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The real stores: probed, their format kept, their commits journalled. */
public final class LocalStores implements ShardStoreFactory {
    private static final Logger LOG = LoggerFactory.getLogger(LocalStores.class);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ALL_MAY_READ_AND_WRITE = 0666;
    private static final String UMASK = "Umask:";

    private final StoreSettings settings;

    public LocalStores(StoreSettings settings) {
        this.settings = settings;
    }

    @Override
    public Prepared prepare(StoreRoot root, int newStoreShards) throws IOException {
        StoreCapabilities capabilities = probe(root);
        StoreFormat.Result opened = StoreFormat.openOrCreate(root, newStoreShards, LocalStores::randomId);
        return switch (opened) {
            case StoreFormat.Result.Refused(String sentence) -> throw new IOException(sentence);
            case StoreFormat.Result.Opened(StoreFormat format, boolean created) -> {
                if (created) {
                    LOG.info("new store {} of {} shards in {}", format.storeId(), format.shards(), root.path());
                }
                yield new Store(root, format.shards(), capabilities, settings);
            }
        };
    }

    private static StoreCapabilities probe(StoreRoot root) throws IOException {
        return switch (Probe.run(root, Probe::kernelBootId, LocalStores::randomId)) {
            case Probe.Result.Refused(String sentence) -> throw new IOException(sentence);
            case Probe.Result.Fit(var capabilities, var sentences) -> {
                sentences.forEach(LOG::info);
                yield capabilities;
            }
        };
    }

    private static UploadId randomId() {
        return UploadId.of(RANDOM.nextLong(), RANDOM.nextLong());
    }

    /** What new files may be, by the umask that this process was started with. */
    private static int fileMode() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith(UMASK)) {
                return ALL_MAY_READ_AND_WRITE
                        & ~Integer.parseInt(line.substring(UMASK.length()).strip(), 8);
            }
        }
        throw new IOException("/proc/self/status does not tell the umask: Linux 4.7 or later is needed");
    }

    private record Store(StoreRoot root, int shards, StoreCapabilities capabilities, StoreSettings settings)
            implements Prepared {
        @Override
        public ShardStore open(NodeLocks locks, Fatal fatal) throws IOException {
            Boot boot = new Boot(UUID.fromString(capabilities.bootId()), locks.continuity());
            PublishSettings publish = new PublishSettings(fileMode(), -1, -1, capabilities.exchange());
            return LocalShardStore.open(
                    new LocalShardStore.Environment(
                            root,
                            locks.self(),
                            shards,
                            boot,
                            BucketCheck.of(new BucketStates(root)),
                            LinchpinNode::wallNanos,
                            BootClock::nanos,
                            fatal),
                    settings.commits(publish, capabilities.trustSyncfs()));
        }
    }
}
