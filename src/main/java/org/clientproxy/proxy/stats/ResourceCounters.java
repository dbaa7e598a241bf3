package org.clientproxy.proxy.stats;

/** What one resource was asked and how it answered, since it came into the pool: on the loop, read by any thread. */
public final class ResourceCounters extends LoopCounts {
    // Beside each other: what is touched for each request.
    private static final int REQUESTS = 0;
    private static final int RESULTS = 1;
    private static final int LATENCY = 2;
    private static final int ERRORS = LATENCY + LatencyHistogram.PLACES;
    private static final int UNANSWERED = ERRORS + 1;
    private static final int TIMEOUTS = UNANSWERED + 1;

    public ResourceCounters() {
        super(TIMEOUTS + 1);
    }

    public void requested() {
        increment(REQUESTS);
    }

    /** @param nanos from the request's arrival at the proxy to the answer, all attempts included */
    public void answered(ProxyCounters.Outcome outcome, long nanos) {
        switch (outcome) {
            case RESULT -> increment(RESULTS);
            case ERROR -> increment(ERRORS);
            case REFUSED -> {
                increment(UNANSWERED);
                return;
            }
        }
        LatencyHistogram.record(this, LATENCY, nanos);
    }

    public void timedOut() {
        increment(TIMEOUTS);
    }

    /** Requests that were sent to it. */
    public long requests() {
        return get(REQUESTS);
    }

    public long results() {
        return get(RESULTS);
    }

    public long errors() {
        return get(ERRORS);
    }

    /** Requests at it that ended with an error of ours: it went away, or was too late. */
    public long unanswered() {
        return get(UNANSWERED);
    }

    /** Requests to which it did not reply in the time that it had for that, whoever answered them. */
    public long timeouts() {
        return get(TIMEOUTS);
    }

    /** How long its requesters waited for its results and errors. */
    public LatencyHistogram latency() {
        return new LatencyHistogram(this, LATENCY);
    }
}
