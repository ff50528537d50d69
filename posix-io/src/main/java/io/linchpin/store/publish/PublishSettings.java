package io.linchpin.store.publish;

/**
 * How published files look, and what the filesystem can do.
 *
 * @param fileMode permission bits of an object's file, 0 to 0777; default 0666 less the process's umask
 * @param uid owner to give to it, or -1 to leave the process's own
 * @param gid group to give to it, or -1
 * @param exchange whether RENAME_EXCHANGE works here; without it a hand-made file saved between the look and the rename
 *     is lost
 */
public record PublishSettings(int fileMode, int uid, int gid, boolean exchange) {
    public PublishSettings {
        if (fileMode < 0 || fileMode > 0777) {
            throw new IllegalArgumentException("file mode out of range: " + Integer.toOctalString(fileMode));
        }
    }
}
