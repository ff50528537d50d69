package io.linchpin.store.check;

import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.value.ETag;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;

/** One thing that a check has to say. Paths are relative to the root. */
public sealed interface Finding {
    /** How bad it is. */
    enum Severity {
        /** As it may be; worth knowing. */
        INFO,
        /** Space that is lost, or something for a person to look at; no object suffers. */
        WARNING,
        /** An object cannot be given back as it was stored. */
        ERROR
    }

    Severity severity();

    /** What it is, in a sentence. */
    String sentence();

    /** A sidecar that cannot be trusted. */
    record CorruptSidecar(String path, String why) implements Finding {
        @Override
        public Severity severity() {
            return Severity.ERROR;
        }

        @Override
        public String sentence() {
            return path + " cannot be trusted (" + why + ").";
        }
    }

    /** The file has another size than its sidecar says, under the same time: it is served as a hand-made one. */
    record SizeDiffers(ObjectId object, long fileBytes, long sidecarBytes) implements Finding {
        @Override
        public Severity severity() {
            return Severity.ERROR;
        }

        @Override
        public String sentence() {
            return object + " has " + fileBytes + " bytes, not " + sidecarBytes
                    + ": somebody changed it and kept its time.";
        }
    }

    /** The file's bytes are not those of its ETag. */
    record DigestDiffers(ObjectId object, ETag stored, ETag found) implements Finding {
        @Override
        public Severity severity() {
            return Severity.ERROR;
        }

        @Override
        public String sentence() {
            return object + " has the content of ETag " + found.quoted() + ", not of " + stored.quoted() + ".";
        }
    }

    /** A file that carries no stamp of ours, and whose content is that of a version whose sidecar is there. */
    record LostTime(ObjectId object, KeyPath path, long inode, long mtimeNanos, long size, Stamp stamp)
            implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return object + " is the version " + stamp.hex() + " that lost its time: its metadata can be bound again.";
        }
    }

    /**
     * A sidecar of no file in place.
     *
     * @param removable whether nothing else can need it: no journal that may hold a record of it, no older versions kept
     */
    record OrphanSidecar(ObjectId object, Stamp stamp, String path, boolean removable) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " belongs to a version of " + object + " that is not in place.";
        }
    }

    /** A name that no key has. */
    record UndecodableName(String path) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " is no part of any key, so it is never listed.";
        }
    }

    /** Something that does not belong where it lies. */
    record StrayFile(String path) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " does not belong there.";
        }
    }

    /**
     * What a node was writing when it died: an upload, or a bucket's state.
     *
     * @param removable whether neither a journal nor an unsettled completion is left that may need it
     */
    record StagingLeftover(String path, boolean removable) implements Finding {
        @Override
        public Severity severity() {
            return Severity.INFO;
        }

        @Override
        public String sentence() {
            return path + " was left by a node that has ended.";
        }
    }

    /** A file under a swap name: perhaps a hand-made one, so it is never removed here. */
    record SwapLeftover(String path) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " was left by an exchange that was cut short; it may be a hand-made file.";
        }
    }

    /** A hand-made file that stood in the way of a publish. */
    record Displaced(String path) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " was made by hand where an upload was to be published; it is kept for you to look at.";
        }
    }

    /** A multipart upload of a bucket that is no more. */
    record UploadLeftover(String path) implements Finding {
        @Override
        public Severity severity() {
            return Severity.WARNING;
        }

        @Override
        public String sentence() {
            return path + " is a multipart upload of a bucket that is not there.";
        }
    }
}
