package org.clientproxy.xmpp;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Lets one line of each kind into a log, and then one a minute, and counts those in between: whoever can cause a line by a
 * stanza must not be able to fill the disk. Any thread.
 */
public final class LogLimit {
    private static final long EVERY_NANOS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_KINDS = 64;
    private static final String OTHERS = "others";

    private static final class Count {
        private long nextAt;
        private int keptOut;

        Count(long now) {
            nextAt = now;
        }
    }

    private final LongSupplier nanoTime;
    private final Map<String, Count> kinds = new HashMap<>();

    /** @param nanoTime a monotonic clock, in nanoseconds */
    public LogLimit(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Which kind of failure it is: its innermost cause's class, and where that was thrown. */
    public static String kind(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause.getCause() != null && depth < 20; depth++) {
            cause = cause.getCause();
        }
        StackTraceElement[] trace = cause.getStackTrace();
        return cause.getClass().getName() + (trace.length == 0 ? "" : " at " + trace[0]);
    }

    /** How many of this kind were kept out before this one, which may be said; negative: this one is to be kept out, too. */
    public synchronized int admit(String kind) {
        long now = nanoTime.getAsLong();
        if (kinds.size() >= MOST_KINDS && !kinds.containsKey(kind)) {
            // Those that were kept out since the last line of a kind that is over are never reported.
            kinds.values().removeIf(count -> now - count.nextAt >= 0);
        }
        boolean room = kinds.size() < MOST_KINDS || kinds.containsKey(kind);
        Count count = kinds.computeIfAbsent(room ? kind : OTHERS, each -> new Count(now));
        if (now - count.nextAt < 0) {
            count.keptOut++;
            return -1;
        }
        int before = count.keptOut;
        count.keptOut = 0;
        count.nextAt = now + EVERY_NANOS;
        return before;
    }

    /** How long it takes until a line of this kind may be said again, in nanoseconds. */
    public synchronized long pause(String kind) {
        Count count = kinds.get(kind);
        return count == null ? 0 : Math.max(0, count.nextAt - nanoTime.getAsLong());
    }
}
