package io.linchpin.store.explore;

import io.linchpin.posix.sim.Fault;
import io.linchpin.posix.sim.PowerCutChoice;
import io.linchpin.posix.sim.PowerCutOdometer;
import io.linchpin.posix.sim.SimulatedDisk;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;

/** The states that a power cut may leave of one disk: all of them, or a stated number. */
final class Cuts {
    private Cuts() {}

    /** Notes what was chosen, one digit of base 36 a choice. */
    private static final class Recorder implements PowerCutChoice {
        private final PowerCutChoice choice;
        private final StringBuilder digits = new StringBuilder();

        Recorder(PowerCutChoice choice) {
            this.choice = choice;
        }

        @Override
        public int choose(Fault fault, long inode, String name, int candidates) {
            int chosen = choice.choose(fault, inode, name, candidates);
            digits.append(Character.forDigit(chosen, Character.MAX_RADIX));
            return chosen;
        }
    }

    /** The choices that a recorder noted. */
    static PowerCutChoice choices(String digits) {
        int[] at = {0};
        return (fault, inode, name, candidates) -> Character.digit(digits.charAt(at[0]++), Character.MAX_RADIX);
    }

    /**
     * Gives each state with its choices: all where there are at most {@code limit}, else so many.
     *
     * @return whether these were all
     */
    static boolean forEach(SimulatedDisk disk, int limit, BiConsumer<SimulatedDisk, String> visitor) {
        if (disk.legalStates().countUpTo(limit + 1L) <= limit) {
            PowerCutOdometer odometer = new PowerCutOdometer();
            do {
                odometer.rewind();
                give(disk, odometer, visitor);
            } while (odometer.advance());
            return true;
        }
        SplittableRandom random = new SplittableRandom(disk.stateHash());
        int questions = count(disk);
        for (int i = 0; i < limit; i++) {
            PowerCutChoice choice;
            if (i < 2) {
                choice = i == 0 ? PowerCutChoice.OLDEST : PowerCutChoice.NEWEST;
            } else if (i % 2 == 0) {
                choice = allButOne(random.nextInt(questions), random.nextBoolean(), random.nextInt(1 << 20));
            } else {
                choice = (fault, inode, name, candidates) -> random.nextInt(candidates);
            }
            give(disk, choice, visitor);
        }
        return false;
    }

    private static void give(SimulatedDisk disk, PowerCutChoice choice, BiConsumer<SimulatedDisk, String> visitor) {
        Recorder recorder = new Recorder(choice);
        SimulatedDisk after = disk.afterPowerCut(recorder);
        visitor.accept(after, recorder.digits.toString());
    }

    private static int count(SimulatedDisk disk) {
        Recorder recorder = new Recorder(PowerCutChoice.NEWEST);
        disk.afterPowerCut(recorder);
        return Math.max(1, recorder.digits.length());
    }

    /** Everything the newest (or the oldest), but for one thing. */
    private static PowerCutChoice allButOne(int one, boolean newest, int other) {
        int[] asked = {0};
        return (fault, inode, name, candidates) -> {
            int all = newest ? candidates - 1 : 0;
            return asked[0]++ == one ? (all + 1 + other % (candidates - 1)) % candidates : all;
        };
    }
}
