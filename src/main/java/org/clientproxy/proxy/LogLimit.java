package org.clientproxy.proxy;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/** Lets one line of a cause into the log each minute, and counts the rest. Used on the loop only. */
final class LogLimit {
    private static final long PAUSE = Duration.ofMinutes(1).toNanos();

    private final StreamLoop loop;
    private long saidAt;
    private int unsaid;

    LogLimit(StreamLoop loop) {
        this.loop = loop;
        this.saidAt = loop.nanoTime() - PAUSE;
    }

    /** What to end the line with, which may be nothing; null: there was one in the last minute, so this one is counted only. */
    @Nullable
    String next() {
        if (pause() > 0) {
            unsaid++;
            return null;
        }
        String end = unsaid == 0 ? "" : " (" + unsaid + " more such events since the last such line)";
        unsaid = 0;
        saidAt = loop.nanoTime();
        return end;
    }

    /** How long it takes until there may be a line again, in nanoseconds. */
    long pause() {
        return Math.max(0, saidAt + PAUSE - loop.nanoTime());
    }
}
