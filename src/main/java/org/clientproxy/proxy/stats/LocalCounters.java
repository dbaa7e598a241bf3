package org.clientproxy.proxy.stats;

/** Counts what became of the requests that the proxy host answers itself: on the loop, read by any thread. */
public final class LocalCounters {
    private final LoopCounter results = new LoopCounter();
    private final LoopCounter refusals = new LoopCounter();

    LocalCounters() {}

    public void answered() {
        results.increment();
    }

    public void refused() {
        refusals.increment();
    }

    /** How many got a result. */
    public long results() {
        return results.get();
    }

    /** How many got an error, for their senders may not send requests, or the proxy is being stopped. */
    public long refusals() {
        return refusals.get();
    }
}
