package io.linchpin.it.chaos;

/** What may happen to a cluster while clients use it. */
enum Trouble {
    /** SIGKILL to one node; a new one takes its place at once. */
    KILL,
    /** SIGSTOP to one node, and SIGCONT. */
    STOP,
    /** One node in the cgroup freezer. */
    FREEZE,
    /** SIGTERM to one node, which leaves in good order; it joins again. */
    LEAVE,
    /** Each node in turn leaves and joins again. */
    ROLL,
    /** A person fills the disk for a while. */
    FILL,
    /** Every block of the disk fails, until nodes have ended of it; the disk is mended, and all nodes start again. */
    BREAK,
    /** A person writes a file into a bucket, and reads it through a node. */
    EDIT
}
