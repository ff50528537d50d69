package io.linchpin.http.torture;

import java.util.random.RandomGenerator;

/** What the clients do with one key, each kind bringing out faults of its own. */
enum Theme {
    /** Blind overwrites and reads: mixtures. */
    OVERWRITE,

    /** Read, change, write back if nobody else did: lost updates. */
    UPDATE,

    /** Everybody creates: several winners. Few operations, many keys. */
    CREATE,

    /** All of it, with deletes: everything else. */
    MIXED;

    private static final int OPERATIONS = 120;
    private static final int CREATES_A_CLIENT = 3;

    /** In hundredths. */
    private int weight(Step step) {
        return switch (this) {
            case OVERWRITE ->
                switch (step) {
                    case PUT -> 36;
                    case COPY -> 6;
                    case COMPLETE -> 4;
                    case GET -> 34;
                    case HEAD -> 12;
                    case LIST -> 5;
                    case TAGS -> 3;
                    case CREATE, SWAP, CREATE_BY_PARTS, DELETE -> 0;
                };
            case UPDATE ->
                switch (step) {
                    case SWAP -> 50;
                    case GET -> 35;
                    case HEAD -> 10;
                    case LIST -> 5;
                    case PUT, CREATE, COPY, COMPLETE, CREATE_BY_PARTS, DELETE, TAGS -> 0;
                };
            case CREATE ->
                switch (step) {
                    case CREATE -> 56;
                    case CREATE_BY_PARTS -> 4;
                    case GET -> 30;
                    case HEAD -> 10;
                    case PUT, SWAP, COPY, COMPLETE, DELETE, LIST, TAGS -> 0;
                };
            case MIXED ->
                switch (step) {
                    case PUT -> 18;
                    case CREATE -> 10;
                    case CREATE_BY_PARTS -> 2;
                    case SWAP -> 14;
                    case COPY -> 5;
                    case COMPLETE -> 3;
                    case DELETE -> 13;
                    case GET -> 20;
                    case HEAD -> 7;
                    case LIST -> 5;
                    case TAGS -> 3;
                };
        };
    }

    Step choose(RandomGenerator random) {
        int left = random.nextInt(100);
        for (Step step : Step.values()) {
            left -= weight(step);
            if (left < 0) {
                return step;
            }
        }
        throw new IllegalStateException("the weights of " + this + " are not a hundred");
    }

    /** After so many a key is left to rest. */
    int operations(int clients) {
        return this == CREATE ? CREATES_A_CLIENT * clients : OPERATIONS;
    }

    /** Whether there is a point in it where some features are missing. */
    boolean makesSense(Features features) {
        return switch (this) {
            case UPDATE -> features.has(Feature.SWAP);
            case CREATE -> features.has(Feature.CREATE);
            case OVERWRITE, MIXED -> true;
        };
    }
}
