package io.linchpin.store.faults;

/**
 * One operation of the store, as a row of {@link Operations#ALL}.
 *
 * @param from the store that it begins on
 * @param prepare without faults: what has to be there first
 * @param run with faults; a PosixException is a refusal
 * @param trait what its failures may do that those of others may not
 * @param mayLeave a pattern of what it may leave when it is refused, or empty
 */
record Operation(String name, World from, Step prepare, Step run, Trait trait, String mayLeave) {
    /** What is done on a node. */
    @FunctionalInterface
    interface Step {
        Verdict run(FaultNode node) throws Exception;
    }

    /** What a failure may do. */
    enum Trait {
        /** Refused, it has changed nothing; it stops the process only once its record is durable. */
        PLAIN,
        /** Refused, it may have been done all the same: sent again, it comes to the same. */
        MAY_STAND,
        /** Its steps are the owner's own work, in which any failed change stops the process. */
        OWNERS_WORK,
        /** A process's beginning: refused, the process ends. */
        ENDS_LIFE,
        /** Cut short, it may have done a part; a repeat does the rest. */
        REPEATABLE
    }

    static Operation of(String name, Step run) {
        return new Operation(name, World.REST, FaultNode::start, run, Trait.PLAIN, "");
    }

    Operation from(World world) {
        return new Operation(name, world, prepare, run, trait, mayLeave);
    }

    Operation after(Step preparation) {
        return new Operation(name, from, preparation, run, trait, mayLeave);
    }

    Operation with(Trait other) {
        return new Operation(name, from, prepare, run, other, mayLeave);
    }

    /** Some files may stay: why is for the caller to say. */
    Operation leaving(String pattern) {
        return new Operation(name, from, prepare, run, trait, pattern);
    }
}
