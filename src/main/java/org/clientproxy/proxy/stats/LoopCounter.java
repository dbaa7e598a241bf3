package org.clientproxy.proxy.stats;

import java.util.concurrent.atomic.AtomicLong;

/** A count that only the loop adds to, which costs no atomic addition, and that any thread reads. */
public final class LoopCounter {
    private final AtomicLong count = new AtomicLong();

    public void increment() {
        count.lazySet(count.get() + 1);
    }

    public long get() {
        return count.get();
    }
}
