package org.clientproxy.proxy.stats;

/** What became of attempts that did not simply end with their resource's reply: on the loop, read by any thread. */
public final class AttemptCounters extends LoopCounts {
    private static final int TIMED_OUT = 0;
    private static final int REFUSED = 1;
    private static final int OVERTAKEN = 2;

    public AttemptCounters() {
        super(OVERTAKEN + 1);
    }

    public void timedOut() {
        increment(TIMED_OUT);
    }

    public void refused() {
        increment(REFUSED);
    }

    public void overtaken() {
        increment(OVERTAKEN);
    }

    /** How often a resource did not reply in the time that it had. */
    public long timeouts() {
        return get(TIMED_OUT);
    }

    /** How often a request went to another resource because of a condition in {@code proxy.retry-on}. */
    public long refusals() {
        return get(REFUSED);
    }

    /** How often a resource that had been given up for slow answered before the one that was asked after it. */
    public long overtakings() {
        return get(OVERTAKEN);
    }
}
