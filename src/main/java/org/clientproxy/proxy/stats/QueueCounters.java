package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** What became of the requests of one proxy that found no resource at once: on the loop, read by any thread. */
public final class QueueCounters {
    /** Why a request was refused for want of a resource. */
    public enum Refusal {
        /** Nobody who might have had it was there. */
        NO_RESOURCE,
        /** All who might have had it had as many requests as they may have. */
        ALL_BUSY,
        /** As many requests as may wait did so already. */
        TOO_MANY_QUEUED
    }

    private final Map<Refusal, LoopCounter> refusals = new EnumMap<>(Refusal.class);
    private final LatencyHistogram waits = new LatencyHistogram();

    public QueueCounters() {
        for (Refusal reason : Refusal.values()) {
            refusals.put(reason, new LoopCounter());
        }
    }

    public void refused(Refusal reason) {
        Objects.requireNonNull(refusals.get(reason)).increment();
    }

    /** @param nanos for how long a request waited that waits no more, whatever became of it */
    public void waited(long nanos) {
        waits.record(nanos);
    }

    /** How many requests were refused for this reason. */
    public long refusals(Refusal reason) {
        return Objects.requireNonNull(refusals.get(reason)).get();
    }

    /** For how long those that wait no more waited. Who found a resource at once did not wait. */
    public LatencyHistogram waits() {
        return waits;
    }
}
