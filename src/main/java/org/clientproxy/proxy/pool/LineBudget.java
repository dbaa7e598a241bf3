package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;

/** So many lines of the log in a minute, for events that sessions can cause without end. Used on the loop only. */
final class LineBudget {
    private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();

    private final StreamLoop loop;
    private final int perMinute;
    private long windowEnd;
    private int lines;

    LineBudget(StreamLoop loop, int perMinute) {
        this.loop = loop;
        this.perMinute = perMinute;
        this.windowEnd = loop.nanoTime();
    }

    /** Takes one of them; false where there is none left in this minute. */
    boolean take() {
        long now = loop.nanoTime();
        if (now - windowEnd >= 0) {
            windowEnd = now + WINDOW_NANOS;
            lines = 0;
        }
        if (lines >= perMinute) {
            return false;
        }
        lines++;
        return true;
    }

    /** How long this minute lasts yet, in nanoseconds. */
    long left() {
        return windowEnd - loop.nanoTime();
    }
}
