package org.clientproxy.stream;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What passed through one component stream since it was made. Written on its loop, read on any thread. */
public final class StreamCounters {
    /** Why something that came was dropped in silence. */
    public enum Drop {
        /** {@code to} is absent or outside the component's domain. */
        NOT_TO_US,
        /** {@code from} is absent, no address, or in the component's own domain. */
        BAD_FROM,
        /** No stanza in the component's namespace. */
        NOT_A_STANZA,
        /** Beyond a limit, and nothing that could be answered. */
        SKIPPED
    }

    private final Map<Drop, LongAdder> drops = new EnumMap<>(Drop.class);
    final LongAdder stanzasIn = new LongAdder();
    final LongAdder stanzasOut = new LongAdder();
    final LongAdder octetsIn = new LongAdder();
    final LongAdder octetsOut = new LongAdder();
    final LongAdder connections = new LongAdder();
    final LongAdder lost = new LongAdder();
    final LongAdder failures = new LongAdder();

    public StreamCounters() {
        for (Drop drop : Drop.values()) {
            drops.put(drop, new LongAdder());
        }
    }

    void dropped(Drop reason) {
        count(reason).increment();
    }

    public long drops(Drop reason) {
        return count(reason).sum();
    }

    private LongAdder count(Drop reason) {
        return Objects.requireNonNull(drops.get(reason));
    }

    public long stanzasIn() {
        return stanzasIn.sum();
    }

    /** Stanzas of which every octet was written. */
    public long stanzasOut() {
        return stanzasOut.sum();
    }

    public long octetsIn() {
        return octetsIn.sum();
    }

    public long octetsOut() {
        return octetsOut.sum();
    }

    /** How often the stream became {@link StreamState#READY}. */
    public long connections() {
        return connections.sum();
    }

    /** How often a connection could not be made, or was lost. */
    public long failures() {
        return failures.sum();
    }

    /** Replies that waited too long for a stream, or were being written when one broke. */
    public long lost() {
        return lost.sum();
    }
}
