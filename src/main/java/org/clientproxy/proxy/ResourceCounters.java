package org.clientproxy.proxy;

/** What one resource was asked and how it answered, since it came into the pool: on the loop, read by any thread. */
public final class ResourceCounters {
    private final LoopCounter requests = new LoopCounter();
    private final LoopCounter results = new LoopCounter();
    private final LoopCounter errors = new LoopCounter();
    private final LoopCounter unanswered = new LoopCounter();
    private final LatencyHistogram latency = new LatencyHistogram();

    void requested() {
        requests.increment();
    }

    /** @param nanos from the request's arrival at the proxy to the answer, all attempts included */
    void answered(ProxyCounters.Outcome outcome, long nanos) {
        switch (outcome) {
            case RESULT -> results.increment();
            case ERROR -> errors.increment();
            case REFUSED -> {
                unanswered.increment();
                return;
            }
        }
        latency.record(nanos);
    }

    /** Requests that were sent to it. */
    public long requests() {
        return requests.get();
    }

    public long results() {
        return results.get();
    }

    public long errors() {
        return errors.get();
    }

    /** Requests at it that ended with an error of ours: it went away, or was too late. */
    public long unanswered() {
        return unanswered.get();
    }

    /** How long its requesters waited for its results and errors. */
    public LatencyHistogram latency() {
        return latency;
    }
}
