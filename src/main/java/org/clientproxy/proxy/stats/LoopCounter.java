package org.clientproxy.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;

/** A count that only the loop adds to, which costs no atomic addition, and that any thread reads. */
final class LoopCounter {
    private final AtomicLong count = new AtomicLong();

    void increment() {
        count.lazySet(count.get() + 1);
    }

    long get() {
        return count.get();
    }
}
