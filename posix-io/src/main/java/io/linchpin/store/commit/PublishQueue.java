package io.linchpin.store.commit;

/** When what is durable is published, and by whom. */
interface PublishQueue extends AutoCloseable {
    /** Something of a key is durable: to be published soon, unless it is by then. */
    void add(KeyCommits key);

    /** Runs other work that waits for the disk, soon. */
    void execute(Runnable task);

    /** Ends what is under way, and begins nothing more. */
    @Override
    void close();
}
