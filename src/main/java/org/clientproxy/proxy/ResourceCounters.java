package org.clientproxy.proxy;

import java.util.concurrent.atomic.LongAdder;

/** What one resource was asked and how it answered, since it came into the pool. Any thread. */
public final class ResourceCounters {
    private final LongAdder requests = new LongAdder();
    private final LongAdder results = new LongAdder();
    private final LongAdder errors = new LongAdder();
    private final LongAdder unanswered = new LongAdder();
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
        return requests.sum();
    }

    public long results() {
        return results.sum();
    }

    public long errors() {
        return errors.sum();
    }

    /** Requests at it that ended with an error of ours: it went away, or was too late. */
    public long unanswered() {
        return unanswered.sum();
    }

    /** How long its requesters waited for its results and errors. */
    public LatencyHistogram latency() {
        return latency;
    }
}
