package io.linchpin.store.explore;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The reference model of all keys, a value.
 *
 * @param keys by key
 * @param replayed the shards that have been replayed in this boot, bit by bit: readers may look at their keys
 * @param littered whether files may be left that nobody refers to: after a power cut, which may bring them back, and after
 *     a person has removed the file that they belonged to
 */
record Model(Map<String, KeyModel> keys, int replayed, boolean littered) {
    static final Model NEW = new Model(Map.of(), 0, false);

    KeyModel of(String key) {
        return keys.getOrDefault(key, KeyModel.NEW);
    }

    @SuppressWarnings("ReferenceEquality") // a change that changes nothing gives the very same value
    Model change(String key, UnaryOperator<KeyModel> change) {
        KeyModel before = of(key);
        KeyModel after = change.apply(before);
        if (after == before && keys.containsKey(key)) {
            return this;
        }
        Map<String, KeyModel> changed = new TreeMap<>(keys);
        changed.put(key, after);
        return new Model(changed, replayed, littered);
    }

    boolean isReplayed(int shard) {
        return (replayed & 1 << shard) != 0;
    }

    Model withReplayed(int shard) {
        return isReplayed(shard) ? this : new Model(keys, replayed | 1 << shard, littered);
    }

    Model crashed() {
        Model model = this;
        for (String key : keys.keySet()) {
            model = model.change(key, KeyModel::crashed);
        }
        return model;
    }

    /** After a power cut: nothing has been replayed in the new boot. */
    Model withPowerCut() {
        return new Model(keys, 0, true);
    }

    Model withLitter() {
        return new Model(keys, replayed, true);
    }

    /** A hash of all of it, the same in every run. */
    long hash() {
        return keys.hashCode() * 8L + replayed * 2L + (littered ? 1 : 0);
    }
}
