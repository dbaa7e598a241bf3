package org.clientproxy.proxy.stats;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A row of what {@link LoopCounter} is one of, in one piece of memory: with thousands of rows each is cold whenever it is
 * touched, so nothing stands between it and its counts.
 */
public class LoopCounts {
    private static final VarHandle COUNT = MethodHandles.arrayElementVarHandle(long[].class);

    private final long[] row;

    public LoopCounts(int places) {
        row = new long[places];
    }

    final void increment(int place) {
        add(place, 1);
    }

    public final void add(int place, long more) {
        // Written by one thread only, which need not ask what others see.
        COUNT.setRelease(row, place, row[place] + more);
    }

    public final long get(int place) {
        return (long) COUNT.getAcquire(row, place);
    }
}
