package io.linchpin.http.torture.check;

import static io.linchpin.http.torture.check.Operation.ABSENT;
import static io.linchpin.http.torture.check.Operation.ANY;
import static io.linchpin.http.torture.check.Operation.NEVER;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Histories for tests: by hand, at random, and such as a right server would give. */
final class Histories {
    private static final Call[] READS = {Call.GET, Call.HEAD, Call.LIST, Call.TAGS};
    private static final Call[] UPLOADS = {Call.PUT, Call.COPY, Call.COMPLETE};

    private Histories() {}

    static Operation put(int number, int upload, long from, long to) {
        return new Operation(number, 1, Call.PUT, Outcome.DONE, ANY, upload, ANY, from, to, "");
    }

    static Operation putIf(int number, int expects, int upload, long from, long to) {
        return new Operation(number, 1, Call.PUT, Outcome.DONE, expects, upload, ANY, from, to, "");
    }

    static Operation refused(int number, int expects, int upload, long from, long to) {
        return new Operation(number, 1, Call.PUT, Outcome.REFUSED, expects, upload, ANY, from, to, "");
    }

    static Operation open(int number, int upload, long from) {
        return new Operation(number, 1, Call.PUT, Outcome.UNKNOWN, ANY, upload, ANY, from, NEVER, "");
    }

    static Operation delete(int number, long from, long to) {
        return new Operation(number, 1, Call.DELETE, Outcome.DONE, ANY, ABSENT, ANY, from, to, "");
    }

    static Operation get(int number, int sees, long from, long to) {
        return new Operation(number, 1, Call.GET, Outcome.DONE, ANY, ANY, sees, from, to, "");
    }

    static Operation torn(int number, long from, long to) {
        return new Operation(
                number, 1, Call.GET, Outcome.TORN, ANY, ANY, ANY, from, to, "body of upload 1, metadata of upload 2");
    }

    /** Any answers at any times: most have no order. */
    static List<Operation> anyAnswers(Random random, int size) {
        List<Operation> history = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            long from = random.nextInt(3 * size);
            long to = from + random.nextInt(2 * size);
            int upload = random.nextInt(10) == 0 ? 1 + random.nextInt(size) : number + 1;
            int state = random.nextInt(size + 1);
            history.add(
                    switch (random.nextInt(8)) {
                        case 0 -> delete(number, from, to);
                        case 1, 2, 3 -> get(number, state, from, to);
                        case 4 -> putIf(number, state, upload, from, to);
                        case 5 -> refused(number, state, upload, from, to);
                        case 6 -> open(number, upload, from);
                        default -> put(number, upload, from, to);
                    });
        }
        return history;
    }

    /**
     * The answers of a right server.
     *
     * @param width how many operations are under way at once, about
     */
    static List<Operation> ofARightServer(Random random, int size, int width) {
        List<Operation> history = new ArrayList<>();
        int state = ABSENT;
        int lastSeen = ABSENT;
        int open = 0;
        for (int number = 0; number < size; number++) {
            long point = 1_000L * (number + width);
            long from = point - random.nextInt(1_000 * width);
            long to = point + random.nextInt(1_000 * width);
            int client = 1 + number % width;
            if (random.nextInt(2) == 0) {
                Call call = READS[random.nextInt(READS.length)];
                history.add(new Operation(number, client, call, Outcome.DONE, ANY, ANY, state, from, to, ""));
                lastSeen = random.nextBoolean() ? state : lastSeen;
                continue;
            }
            boolean delete = random.nextInt(5) == 0;
            Call call = delete ? Call.DELETE : UPLOADS[random.nextInt(UPLOADS.length)];
            int writes = delete ? ABSENT : number + 1;
            int expects = delete || random.nextBoolean() ? ANY : random.nextInt(4) == 0 ? ABSENT : lastSeen;
            boolean holds = expects == ANY || expects == state;
            boolean unknown = open < 6 && random.nextInt(15) == 0;
            if (unknown) {
                open++;
                history.add(
                        new Operation(number, client, call, Outcome.UNKNOWN, expects, writes, ANY, from, NEVER, ""));
                state = holds && random.nextBoolean() ? writes : state;
            } else if (holds) {
                history.add(new Operation(number, client, call, Outcome.DONE, expects, writes, ANY, from, to, ""));
                state = writes;
            } else {
                int sees = state == ABSENT && random.nextBoolean() ? ABSENT : ANY;
                history.add(new Operation(number, client, call, Outcome.REFUSED, expects, writes, sees, from, to, ""));
            }
        }
        return history;
    }
}
