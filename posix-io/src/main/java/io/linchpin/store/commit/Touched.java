package io.linchpin.store.commit;

import io.linchpin.store.layout.KeyCodec;
import io.linchpin.store.layout.Names;
import io.linchpin.store.value.ObjectId;
import io.linchpin.store.value.Stamp;
import java.util.Set;

/** Every path that publishing one record may have changed, with the directories whose entries say so. */
final class Touched {
    private Touched() {}

    static void by(ObjectId object, Stamp stamp, Set<String> paths) {
        KeyCodec.natural(object)
                .ifPresent(p -> upTo(p.toString(), object.bucket().value(), paths));
        upTo(KeyCodec.escaped(object).toString(), Names.HOME, paths);
        upTo(Names.sidecar(object, stamp), Names.HOME, paths);
        paths.add(Names.DISPLACED);
        paths.add(".");
    }

    /** The path and the directories above it, the last of them {@code top}. */
    private static void upTo(String path, String top, Set<String> paths) {
        String at = path;
        while (at.length() > top.length()) {
            paths.add(at);
            at = at.substring(0, at.lastIndexOf('/'));
        }
        paths.add(top);
    }
}
