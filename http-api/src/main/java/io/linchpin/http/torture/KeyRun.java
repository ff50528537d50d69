package io.linchpin.http.torture;

import io.linchpin.http.torture.check.KeyHistory;
import io.linchpin.http.torture.check.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** One key while clients race on it: a bounded number of operations, and all that was seen. Safe for use by many threads. */
final class KeyRun {
    /** With more outcomes unknown a key is left to rest: each doubles what the search has to look at. */
    private static final int MOST_UNKNOWN = 16;

    private final int index;
    private final Theme theme;
    private final int operations;
    private final Map<String, Integer> uploadsByEtag = new ConcurrentHashMap<>();
    private final List<Sighting> sightings = new ArrayList<>();
    private volatile String lastEtag = "";
    private int numbers;
    private int uploads;
    private int started;
    private int inFlight;
    private int unknown;
    private boolean closed;
    private boolean retired;

    KeyRun(int index, Theme theme, int clients) {
        this.index = index;
        this.theme = theme;
        this.operations = Math.min(theme.operations(clients), KeyHistory.MOST_OPERATIONS / 2);
    }

    int index() {
        return index;
    }

    Theme theme() {
        return theme;
    }

    String key() {
        return String.format("k%07d-%s", index, theme.name().toLowerCase(Locale.ROOT));
    }

    /** Whether there is an operation left for the caller, who then must {@link #leave}. */
    synchronized boolean enter() {
        if (closed || started == operations) {
            return false;
        }
        started++;
        inFlight++;
        return true;
    }

    /** Whether the key is at rest now, and it is for the caller, and nobody else, to look at what was left. */
    synchronized boolean leave() {
        inFlight--;
        return isAtRest();
    }

    /** Lets nobody in any more. Whether it is at rest, as of {@link #leave}. */
    synchronized boolean close() {
        closed = true;
        return isAtRest();
    }

    private boolean isAtRest() {
        boolean atRest = inFlight == 0 && (closed || started == operations) && !retired;
        retired |= atRest;
        return atRest;
    }

    synchronized int nextNumber() {
        return ++numbers;
    }

    synchronized int nextUpload() {
        return ++uploads;
    }

    synchronized void add(Sighting sighting) {
        sightings.add(sighting);
        if (sighting.outcome() == Outcome.UNKNOWN && ++unknown >= MOST_UNKNOWN) {
            closed = true;
        }
    }

    synchronized List<Sighting> sightings() {
        return List.copyOf(sightings);
    }

    /** Whose entity tag that is. The first who says so is right. */
    void noteEtag(String etag, int upload) {
        if (!etag.isEmpty()) {
            uploadsByEtag.putIfAbsent(etag, upload);
        }
    }

    Map<String, Integer> uploadsByEtag() {
        return Map.copyOf(uploadsByEtag);
    }

    /** The one that was answered last, to anybody; empty at first. */
    String lastEtag() {
        return lastEtag;
    }

    void sawEtag(String etag) {
        if (!etag.isEmpty()) {
            lastEtag = etag;
        }
    }
}
