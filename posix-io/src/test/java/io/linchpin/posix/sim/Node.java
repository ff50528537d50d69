package io.linchpin.posix.sim;

import java.util.Arrays;

/** An inode, never changed: its number, attributes (with those that a power cut may bring back), link count and body. */
final class Node {
    private static final Attributes[] NO_PAST = {};

    /**
     * What statx says beside the size.
     *
     * @param ordinary whether the mtime is one that an ordinary write left, which is worth nothing to anybody
     */
    record Attributes(int mode, int uid, int gid, long mtimeNanos, boolean ordinary) {
        long hash() {
            return Hashes.mix(Hashes.mix(Hashes.start(mode), ((long) uid << 32) | gid), mtimeNanos);
        }
    }

    final long number;
    final Attributes attributes;
    final Attributes[] olderAttributes;
    final long ctimeNanos;
    final int links;
    final Body body;
    private long hash;

    private Node(
            long number, Attributes attributes, Attributes[] olderAttributes, long ctimeNanos, int links, Body body) {
        this.number = number;
        this.attributes = attributes;
        this.olderAttributes = olderAttributes;
        this.ctimeNanos = ctimeNanos;
        this.links = links;
        this.body = body;
    }

    static Node create(long number, int mode, long nowNanos, int links, Body body) {
        return new Node(number, new Attributes(mode, 0, 0, nowNanos, true), NO_PAST, nowNanos, links, body);
    }

    Node withBody(Body changed) {
        return new Node(number, attributes, olderAttributes, ctimeNanos, links, changed);
    }

    Node withLinks(int count) {
        return new Node(number, attributes, olderAttributes, ctimeNanos, count, body);
    }

    /**
     * New attributes. Of the mtimes of a row of ordinary writes only the last is kept as one that may come back: nobody
     * takes one of them for more than another.
     */
    Node withAttributes(Attributes changed, long nowNanos) {
        if (changed.equals(attributes)) {
            return this;
        }
        Attributes[] past = olderAttributes;
        if (!(changed.ordinary && attributes.ordinary && past.length > 0)) {
            past = Arrays.copyOf(past, past.length + 1);
            past[past.length - 1] = attributes;
        }
        return new Node(number, changed, past, nowNanos, links, body);
    }

    Node written(Body changed, long nowNanos) {
        Attributes a = attributes;
        return withBody(changed).withAttributes(new Attributes(a.mode, a.uid, a.gid, nowNanos, true), nowNanos);
    }

    /**
     * A directory with other entries. That its own mtime may come back is left out of the states: nobody takes it for
     * evidence, and it would double them with every directory.
     */
    Node entered(DirBody changed, long nowNanos) {
        Attributes a = new Attributes(attributes.mode, attributes.uid, attributes.gid, nowNanos, true);
        return new Node(number, a, olderAttributes, nowNanos, links, changed);
    }

    /** fdatasync: the body. */
    Node dataSynced() {
        return body.isClean() ? this : withBody(body.synced());
    }

    /** fsync: the body and the attributes. */
    Node synced() {
        return body.isClean() && olderAttributes.length == 0
                ? this
                : new Node(number, attributes, NO_PAST, ctimeNanos, links, body.synced());
    }

    /** What a power cut leaves of the attributes, around a body that it left. */
    Node cut(Body left, PowerCutChoice choice, int linksLeft) {
        Attributes kept = attributes;
        if (olderAttributes.length > 0) {
            int pick = choice.choose(Fault.ATTRIBUTES_NOT_PERSISTED, number, "", olderAttributes.length + 1);
            kept = pick < olderAttributes.length ? olderAttributes[pick] : attributes;
        }
        return new Node(number, kept, NO_PAST, ctimeNanos, linksLeft, left);
    }

    boolean isDirectory() {
        return body instanceof DirBody;
    }

    boolean isSymlink() {
        return body instanceof SymlinkBody;
    }

    long hash() {
        long known = hash;
        if (known == 0) {
            known = Hashes.mix(Hashes.mix(Hashes.start(number), attributes.hash()), links);
            for (Attributes each : olderAttributes) {
                known = Hashes.mix(known, each.hash());
            }
            known = Hashes.mix(known, body.hash()) | 1;
            hash = known;
        }
        return known;
    }
}
