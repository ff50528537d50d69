package io.linchpin.store.listing;

import io.linchpin.posix.PosixException;
import io.linchpin.store.layout.KeyPath;
import io.linchpin.store.layout.StoreRoot;
import io.linchpin.store.value.BucketName;
import io.linchpin.store.value.ObjectKey;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The keys of a bucket in order, its two trees merged: a key that stands in both comes once. */
public final class KeyScan {
    private final KeyWalker natural;
    private final KeyWalker escaped;
    private @Nullable String nextNatural;
    private @Nullable String nextEscaped;
    private boolean started;

    KeyScan(StoreRoot root, BucketName bucket, String prefix, int batch, Consumer<String> refused) {
        natural = new KeyWalker(root, bucket, KeyPath.Form.NATURAL, prefix, batch, refused);
        escaped = new KeyWalker(root, bucket, KeyPath.Form.ESCAPED, prefix, batch, refused);
    }

    /**
     * All keys of a bucket.
     *
     * @param refused told the path of each name that is no part of a key
     */
    public static KeyScan of(StoreRoot root, BucketName bucket, Consumer<String> refused) {
        return new KeyScan(root, bucket, "", KeyWalker.BATCH, refused);
    }

    /** The next key; null at the end. */
    public @Nullable String next() throws PosixException {
        return next(Bound.START);
    }

    /** The next key after the bound, which never goes back; null at the end. */
    @Nullable
    String next(Bound bound) throws PosixException {
        if (!started || (nextNatural != null && !bound.admits(nextNatural))) {
            nextNatural = natural.next(bound);
        }
        if (!started || (nextEscaped != null && !bound.admits(nextEscaped))) {
            nextEscaped = escaped.next(bound);
        }
        started = true;
        String a = nextNatural;
        String b = nextEscaped;
        int order = a == null ? 1 : b == null ? -1 : ObjectKey.compareUtf8(a, b);
        if (order <= 0 && a != null) {
            nextNatural = natural.next(bound);
        }
        if (order >= 0 && b != null) {
            nextEscaped = escaped.next(bound);
        }
        return order <= 0 ? a : b;
    }
}
