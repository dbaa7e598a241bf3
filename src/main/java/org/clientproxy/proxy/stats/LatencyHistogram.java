package org.clientproxy.proxy.stats;

import java.util.concurrent.TimeUnit;

/** How long something took, counted in fixed classes: on the loop, read by any thread. */
public final class LatencyHistogram {
    private static final long[] BOUNDS_MILLIS = {
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 60_000
    };

    /** So many places it takes in a row of counts: the nanoseconds of all, then the classes. */
    static final int PLACES = 1 + BOUNDS_MILLIS.length + 1;

    private final LoopCounts row;
    private final int from;

    LatencyHistogram() {
        this(new LoopCounts(PLACES), 0);
    }

    /** One that lies in a row with other counts, from this place on. */
    LatencyHistogram(LoopCounts row, int from) {
        this.row = row;
        this.from = from;
    }

    /** @param duration in nanoseconds; one that is just at a bound belongs below it */
    void record(long duration) {
        record(row, from, duration);
    }

    /** The same, of the histogram that lies in this row from this place on. */
    static void record(LoopCounts row, int from, long duration) {
        int i = 0;
        while (i < BOUNDS_MILLIS.length && duration > BOUNDS_MILLIS[i] * 1_000_000) {
            i++;
        }
        row.increment(from + 1 + i);
        row.add(from, duration);
    }

    /** The upper bounds of the classes but the last, in seconds. The last class has none. */
    public static double[] boundsSeconds() {
        double[] bounds = new double[BOUNDS_MILLIS.length];
        for (int i = 0; i < bounds.length; i++) {
            bounds[i] = BOUNDS_MILLIS[i] / 1e3;
        }
        return bounds;
    }

    /** How many fell into each class; one more than there are bounds. */
    public long[] counts() {
        long[] now = new long[PLACES - 1];
        for (int i = 0; i < now.length; i++) {
            now[i] = row.get(from + 1 + i);
        }
        return now;
    }

    /** All durations together, in seconds. */
    public double seconds() {
        return row.get(from) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
