package io.linchpin.store.layout;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.linchpin.posix.DirEntry;
import io.linchpin.posix.Errno;
import io.linchpin.posix.Fd;
import io.linchpin.posix.FileIo;
import io.linchpin.posix.Posix;
import io.linchpin.posix.PosixException;
import io.linchpin.store.value.UploadId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * What is fixed for a store's life, as {@code .linchpin/format.json} has it: made once, by whichever process comes first,
 * and only ever read after that.
 *
 * <pre>{"format":1,"store":"0123…ef","shards":64,"hash":"sha256/64"}</pre>
 *
 * @param storeId 32 lower-case hex digits, random
 * @param shards {@value #MIN_SHARDS} to {@value #MAX_SHARDS}
 */
public record StoreFormat(String storeId, int shards) {
    /** The only version of the layout so far. */
    public static final int VERSION = 1;

    public static final int MIN_SHARDS = 1;
    public static final int MAX_SHARDS = 1024;

    /** How keys are placed on shards: the first 64 bits of SHA-256 of {@code bucket/key}, unsigned, modulo the shards. */
    public static final String HASH = "sha256/64";

    private static final int MAX_BYTES = 64 << 10;
    private static final int DIRECTORY_MODE = 0700;
    private static final int FILE_MODE = 0600;
    private static final String LEAF = Names.FORMAT.substring(Names.HOME.length() + 1);
    private static final Pattern STORE_ID = Pattern.compile("[0-9a-f]{32}");
    private static final ObjectMapper JSON = new ObjectMapper();
    static final List<String> DIRECTORIES = List.of(
            Names.STAGING,
            Names.ODD,
            Names.SIDECARS,
            Names.VERSIONS,
            Names.UPLOADS,
            Names.JOURNAL,
            Names.SHARDS,
            Names.NODES,
            Names.DISPLACED,
            Names.BUCKETS,
            Names.USERS);

    public StoreFormat {
        if (!STORE_ID.matcher(storeId).matches()) {
            throw new IllegalArgumentException("not a store id: " + storeId);
        }
        checkShards(shards);
    }

    private static void checkShards(int shards) {
        if (shards < MIN_SHARDS || shards > MAX_SHARDS) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "%d shards, but a store has %d to %d", shards, MIN_SHARDS, MAX_SHARDS));
        }
    }

    /** What became of {@link #openOrCreate}. */
    public sealed interface Result {
        /**
         * The store's format, durable.
         *
         * @param created whether this very call made the store
         */
        record Opened(StoreFormat format, boolean created) implements Result {}

        /** This program must not touch the store: one sentence that says why. */
        record Refused(String sentence) implements Result {}
    }

    /**
     * Makes the directories below {@code .linchpin} that are missing, for their owner alone, and makes all of them
     * durable. Safe to repeat, and for several processes at once.
     */
    public static void initialize(StoreRoot root) throws PosixException {
        Posix posix = root.posix();
        ensureHome(root);
        try (Fd home = openHome(root)) {
            for (String directory : DIRECTORIES) {
                FileIo.mkdirIfAbsent(home, directory.substring(Names.HOME.length() + 1), DIRECTORY_MODE);
            }
            FileIo.fsync(home);
        }
        for (String directory : DIRECTORIES) {
            // Whatever has that name must be a directory of ours, not a symlink or a file.
            Fd.open(posix, root.fd(), directory, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH)
                    .close();
        }
    }

    /** Makes {@code .linchpin} itself where it is missing, and makes its entry durable. */
    static void ensureHome(StoreRoot root) throws PosixException {
        Posix posix = root.posix();
        int made = posix.mkdirat(root.fd(), Names.HOME, DIRECTORY_MODE);
        if (made != -Errno.EEXIST) {
            PosixException.check(made, "mkdirat", Names.HOME);
        }
        // In every case: the process that made it may have died before it synced.
        PosixException.check(posix.fsync(root.fd()), "fsync", root.path().toString());
    }

    static Fd openHome(StoreRoot root) throws PosixException {
        return Fd.open(root.posix(), root.fd(), Names.HOME, Posix.O_RDONLY | Posix.O_DIRECTORY, 0, StoreRoot.BENEATH);
    }

    /**
     * Reads the format, or makes it where there is none yet. Of several processes that make it at once, one does, and all
     * agree.
     *
     * @param shardsIfNew the number of shards of a new store; an existing one keeps its own
     * @param ids gives the random id of a new store; never the same one twice
     * @throws IllegalArgumentException where {@code shardsIfNew} is out of range
     */
    public static Result openOrCreate(StoreRoot root, int shardsIfNew, Supplier<UploadId> ids) throws PosixException {
        checkShards(shardsIfNew);
        initialize(root);
        try (Fd home = openHome(root)) {
            boolean created = false;
            Optional<byte[]> found = FileIo.readSmallIfPresent(home, LEAF, MAX_BYTES);
            if (found.isEmpty()) {
                created = create(home, new StoreFormat(ids.get().hex(), shardsIfNew));
                found = Optional.of(FileIo.readSmall(home, LEAF, MAX_BYTES));
            }
            // The one who renamed it may have died before it synced.
            FileIo.fsync(home);
            sweep(home);
            return parse(found.get(), created);
        }
    }

    /** Puts the file under its name unless another process was first: whether it was ours. */
    private static boolean create(Fd home, StoreFormat format) throws PosixException {
        String staged = LEAF + "." + format.storeId;
        try (Fd fd = FileIo.createSmall(home, staged, FILE_MODE, format.encode())) {
            FileIo.fsync(fd);
        }
        Posix posix = home.posix();
        int result = posix.renameat2(home.number(), staged, home.number(), LEAF, Posix.RENAME_NOREPLACE);
        if (result == -Errno.EINVAL || result == -Errno.ENOSYS) {
            // link(2) refuses a name that is taken, too.
            result = posix.linkat(home.number(), staged, home.number(), LEAF);
        }
        return switch (-result) {
            case 0 -> true;
            case Errno.EEXIST -> false;
            // Swept by another process: it does so only when the format is there.
            case Errno.ENOENT -> false;
            default -> throw new PosixException(-result, "renameat2", Names.FORMAT);
        };
    }

    /** Unlinks staged formats: with the format in place none of them can be renamed any more. */
    private static void sweep(Fd home) throws PosixException {
        for (DirEntry entry : FileIo.list(home)) {
            String suffix = entry.name().startsWith(LEAF + ".") ? entry.name().substring(LEAF.length() + 1) : "";
            if (STORE_ID.matcher(suffix).matches()) {
                FileIo.unlinkIfPresent(home, entry.name());
            }
        }
    }

    private byte[] encode() {
        String text = JSON.createObjectNode()
                .put("format", VERSION)
                .put("store", storeId)
                .put("shards", shards)
                .put("hash", HASH)
                .toString();
        return (text + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Result parse(byte[] document, boolean created) {
        JsonNode json;
        try {
            json = JSON.readTree(document);
        } catch (JacksonException e) {
            return refused("it is not JSON");
        } catch (IOException e) {
            throw new IllegalStateException("bytes in memory do not fail", e);
        }
        JsonNode version = json.path("format");
        if (!version.isIntegralNumber()) {
            return refused("it names no format version");
        }
        if (!version.canConvertToInt() || version.intValue() != VERSION) {
            return refused("the store has format " + version.asText() + ", and this program knows only format "
                    + VERSION + ": use the version of Linchpin that made it, or a later one");
        }
        String hash = json.path("hash").asText();
        if (!hash.equals(HASH)) {
            return refused(
                    "the store places keys by the hash '" + hash + "', and this program knows only '" + HASH + "'");
        }
        String storeId = json.path("store").asText();
        if (!STORE_ID.matcher(storeId).matches()) {
            return refused("its store id is not 32 hex digits");
        }
        JsonNode shards = json.path("shards");
        if (!shards.canConvertToInt() || shards.intValue() < MIN_SHARDS || shards.intValue() > MAX_SHARDS) {
            return refused("its number of shards is not " + MIN_SHARDS + " to " + MAX_SHARDS);
        }
        return new Result.Opened(new StoreFormat(storeId, shards.intValue()), created);
    }

    private static Result refused(String why) {
        return new Result.Refused(Names.FORMAT + " is refused: " + why + ".");
    }
}
