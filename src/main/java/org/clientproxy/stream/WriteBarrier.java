package org.clientproxy.stream;

/**
 * Says when stanzas may be given to the socket: not before what they tell the world is known to those who must know it first.
 * Used on the loop only.
 */
@FunctionalInterface
public interface WriteBarrier {
    /** Everything may be written at once. */
    WriteBarrier NONE = opened -> true;

    /**
     * Asked about all stanzas that were sent since it was asked last, right before they are given to the socket. It does not throw.
     *
     * @param opened to be called once they may be written, where it is not so yet: for each call that gave false once, on the
     *     loop, in the order of the calls, after this one has returned
     * @return whether they may be written at once; only where it has opened for all before them
     */
    boolean isOpen(Runnable opened);
}
