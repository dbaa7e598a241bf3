package org.clientproxy.proxy;

/**
 * What one resource was asked and how it answered, since it came into the pool: on the loop, read by any thread. All counts lie
 * in one row, for with thousands of resources each is cold memory whenever it is touched.
 */
public final class ResourceCounters {
    private static final int REQUESTS = 0;
    private static final int RESULTS = 1;
    private static final int ERRORS = 2;
    private static final int UNANSWERED = 3;
    private static final int LATENCY = 4;

    private final LoopCounts row = new LoopCounts(LATENCY + LatencyHistogram.PLACES);
    private final LatencyHistogram latency = new LatencyHistogram(row, LATENCY);

    void requested() {
        row.increment(REQUESTS);
    }

    /** @param nanos from the request's arrival at the proxy to the answer, all attempts included */
    void answered(ProxyCounters.Outcome outcome, long nanos) {
        switch (outcome) {
            case RESULT -> row.increment(RESULTS);
            case ERROR -> row.increment(ERRORS);
            case REFUSED -> {
                row.increment(UNANSWERED);
                return;
            }
        }
        latency.record(nanos);
    }

    /** Requests that were sent to it. */
    public long requests() {
        return row.get(REQUESTS);
    }

    public long results() {
        return row.get(RESULTS);
    }

    public long errors() {
        return row.get(ERRORS);
    }

    /** Requests at it that ended with an error of ours: it went away, or was too late. */
    public long unanswered() {
        return row.get(UNANSWERED);
    }

    /** How long its requesters waited for its results and errors. */
    public LatencyHistogram latency() {
        return latency;
    }
}
