package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what became of the requests that sessions of the target have begun: on the loop, read by any thread. */
public final class ReverseCounters {
    private final Map<ProxyCounters.Outcome, LoopCounter> outcomes = new EnumMap<>(ProxyCounters.Outcome.class);
    private final LoopCounter requests = new LoopCounter();
    private final LoopCounter abandoned = new LoopCounter();

    ReverseCounters() {
        for (ProxyCounters.Outcome outcome : ProxyCounters.Outcome.values()) {
            outcomes.put(outcome, new LoopCounter());
        }
    }

    public void requested() {
        requests.increment();
    }

    public void answered(ProxyCounters.Outcome outcome) {
        count(outcome).increment();
    }

    public void abandon() {
        abandoned.increment();
    }

    /** How many were read, but for those to addresses that stand for nobody. */
    public long requests() {
        return requests.get();
    }

    /** How many were answered so: with the result or the error of the one asked, or with an error of ours. */
    public long outcomes(ProxyCounters.Outcome outcome) {
        return count(outcome).get();
    }

    /** How many were closed without an answer, for the session that asked has ended. */
    public long abandoned() {
        return abandoned.get();
    }

    private LoopCounter count(ProxyCounters.Outcome outcome) {
        return Objects.requireNonNull(outcomes.get(outcome));
    }
}
