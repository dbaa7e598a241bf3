package org.clientproxy.stream;

import java.time.Duration;

/** A warning whose cause may come again and again: at most one a minute, which says how often it came. Used on the loop only. */
final class RareWarning {
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();

    private final StreamLoop loop;
    private boolean warned;
    private long warnedAt;
    private long since;

    RareWarning(StreamLoop loop) {
        this.loop = loop;
    }

    /** Counts the cause once more; gives how often it came since the last warning, or 0 where no warning is due. */
    long count() {
        since++;
        long now = loop.nanoTime();
        if (warned && now - warnedAt < EVERY_NANOS) {
            return 0;
        }
        warned = true;
        warnedAt = now;
        long times = since;
        since = 0;
        return times;
    }
}
