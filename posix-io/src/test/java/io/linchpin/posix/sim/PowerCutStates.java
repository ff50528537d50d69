package io.linchpin.posix.sim;

import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * Every state that a power cut may leave of one disk, each once for each way to choose among what is legal; equal states
 * are left to {@link SimulatedDisk#stateHash}. The first keeps nothing that was not synced.
 */
public final class PowerCutStates implements Iterable<SimulatedDisk> {
    private final SimulatedDisk before;

    PowerCutStates(SimulatedDisk before) {
        this.before = before;
    }

    /** How many there are, counted up to a limit: where there are more, sample them. */
    public long countUpTo(long limit) {
        PowerCutOdometer odometer = new PowerCutOdometer();
        long count = 0;
        while (count < limit) {
            count++;
            odometer.rewind();
            new PowerCut(before, odometer).run();
            if (!odometer.advance()) {
                break;
            }
        }
        return count;
    }

    @Override
    public Iterator<SimulatedDisk> iterator() {
        return new Iterator<>() {
            private final PowerCutOdometer odometer = new PowerCutOdometer();
            private boolean more = true;

            @Override
            public boolean hasNext() {
                return more;
            }

            @Override
            public SimulatedDisk next() {
                if (!more) {
                    throw new NoSuchElementException();
                }
                SimulatedDisk after = before.fork();
                odometer.rewind();
                after.powerCut(odometer);
                more = odometer.advance();
                return after;
            }
        };
    }
}
