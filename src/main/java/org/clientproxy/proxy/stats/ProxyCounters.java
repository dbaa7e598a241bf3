package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Counts what became of the stanzas of one proxy since its start: on the loop, read by any thread. */
public final class ProxyCounters {
    /** Why a stanza was dropped in silence. */
    public enum Drop {
        /** An IQ result or error that answers no pending request: late, repeated, forged or unsolicited. */
        UNEXPECTED_REPLY,
        /** An IQ without an id, or of a type that asks for no answer. */
        MALFORMED_IQ,
        /** A presence of somebody who is not the target. */
        STRANGERS_PRESENCE,
        /** A message that must not be answered. */
        MESSAGE
    }

    /** How a request was answered. */
    public enum Outcome {
        /** With the result of a resource. */
        RESULT,
        /** With the error of a resource. */
        ERROR,
        /** With an error of ours. */
        REFUSED
    }

    private final Map<Drop, LoopCounter> drops = counters(Drop.class);
    private final Map<Outcome, LoopCounter> outcomes = counters(Outcome.class);
    private final LoopCounter requests = new LoopCounter();
    private final LoopCounter retries = new LoopCounter();
    private final LoopCounter replies = new LoopCounter();
    private final LatencyHistogram latency = new LatencyHistogram();
    private final ReverseCounters reverse = new ReverseCounters();
    private final LocalCounters local = new LocalCounters();
    private final FeatureCounters features = new FeatureCounters();

    public void requested() {
        requests.increment();
    }

    public void replied() {
        replies.increment();
    }

    public void retried() {
        retries.increment();
    }

    public void dropped(Drop reason) {
        count(drops, reason).increment();
    }

    /** @param nanos from the request's arrival to its answer */
    public void answered(Outcome outcome, long nanos) {
        count(outcomes, outcome).increment();
        latency.record(nanos);
    }

    /** What became of the requests that sessions of the target have begun, which count nowhere else here. */
    public ReverseCounters reverse() {
        return reverse;
    }

    /** What became of the requests that the proxy host answers itself, which count nowhere else here. */
    public LocalCounters local() {
        return local;
    }

    /** How many requests were read. */
    public long requests() {
        return requests.get();
    }

    /** How many IQ results and errors were read, whatever became of them. */
    public long replies() {
        return replies.get();
    }

    /** How long requesters waited for their answers, of whatever kind. */
    public LatencyHistogram latency() {
        return latency;
    }

    /** What became of the questions which features sessions have. */
    public FeatureCounters features() {
        return features;
    }

    /** How often a request was sent to another resource. */
    public long retries() {
        return retries.get();
    }

    /** How many stanzas were dropped for this reason. */
    public long drops(Drop reason) {
        return count(drops, reason).get();
    }

    /** How many requests were answered so. */
    public long outcomes(Outcome outcome) {
        return count(outcomes, outcome).get();
    }

    /** One line for a log or a console. */
    @Override
    public String toString() {
        return "requests=" + requests() + " retries=" + retries() + " answers="
                + words(Outcome.values(), this::outcomes) + " drops=" + words(Drop.values(), this::drops);
    }

    private static <E extends Enum<E>> LoopCounter count(Map<E, LoopCounter> counters, E key) {
        return Objects.requireNonNull(counters.get(key));
    }

    private static <E extends Enum<E>> Map<E, LoopCounter> counters(Class<E> type) {
        Map<E, LoopCounter> counters = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            counters.put(value, new LoopCounter());
        }
        return counters;
    }

    private static <E extends Enum<E>> String words(E[] values, Function<E, Long> count) {
        StringBuilder words = new StringBuilder("{");
        for (E value : values) {
            words.append(words.length() > 1 ? " " : "")
                    .append(value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .append('=')
                    .append(count.apply(value));
        }
        return words.append('}').toString();
    }
}
