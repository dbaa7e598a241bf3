package org.clientproxy.proxy;

import java.util.concurrent.atomic.AtomicLongArray;

/** A row of what {@link LoopCounter} is one of, in one piece of memory. */
final class LoopCounts {
    private final AtomicLongArray row;

    LoopCounts(int places) {
        row = new AtomicLongArray(places);
    }

    void increment(int place) {
        add(place, 1);
    }

    void add(int place, long more) {
        row.lazySet(place, row.get(place) + more);
    }

    long get(int place) {
        return row.get(place);
    }
}
