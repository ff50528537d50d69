package io.linchpin.fuzz;

import java.util.List;

/** One parser or codec, and what must hold of it whatever it is given. Has a public constructor without parameters. */
public interface FuzzTarget {
    /** Inputs that are accepted, and those that were once found to break something: a few kB in all. */
    List<byte[]> seeds();

    /**
     * Holds the code to its properties.
     *
     * @return whether the input was accepted
     * @throws AssertionError where a property does not hold
     * @throws Exception of any kind: likewise
     */
    boolean run(byte[] input) throws Exception;
}
