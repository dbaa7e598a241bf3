package org.clientproxy.scenarios;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.clientproxy.stream.StreamLoop;

/** Asks a loop to be run every millisecond, and notes how much later it is. */
final class LoopProbe {
    private static final long EVERY = 1_000_000;

    private final StreamLoop loop;
    private final AtomicLong worst = new AtomicLong();
    private final AtomicBoolean first = new AtomicBoolean(true);
    private long due;

    LoopProbe(StreamLoop loop) {
        this.loop = loop;
        loop.execute(this::run);
    }

    private void run() {
        long now = System.nanoTime();
        if (!first.getAndSet(false)) {
            worst.accumulateAndGet(now - due, Math::max);
        }
        due = now + EVERY;
        loop.schedule(this::run, EVERY);
    }

    /** In milliseconds, since the last call. */
    double worst() {
        return worst.getAndSet(0) / 1e6;
    }
}
