package io.linchpin.posix.sim;

/** A symbolic link: its text is durable as soon as a name of it is. */
record SymlinkBody(String target) implements Body {
    @Override
    public SymlinkBody synced() {
        return this;
    }

    @Override
    public boolean isClean() {
        return true;
    }

    @Override
    public long hash() {
        return Hashes.of(target);
    }
}
