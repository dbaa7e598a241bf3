package org.clientproxy.proxy.stats;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/** Counts what became of the messages of one direction: on the loop, read by any thread. */
public final class MessageCounters {
    /** What became of a message. */
    public enum Fate {
        /** It was passed on. */
        PASSED,
        /** Its sender was told why it was not. */
        REFUSED,
        /** It was one too many in its time: not more often than once a second its sender was told so. */
        THROTTLED,
        /** It was dropped in silence, for it is of a type that is not answered. */
        DROPPED
    }

    private final Map<Fate, LoopCounter> fates = new EnumMap<>(Fate.class);

    MessageCounters() {
        for (Fate fate : Fate.values()) {
            fates.put(fate, new LoopCounter());
        }
    }

    public void count(Fate fate) {
        counter(fate).increment();
    }

    /** How many messages became that. */
    public long of(Fate fate) {
        return counter(fate).get();
    }

    private LoopCounter counter(Fate fate) {
        return Objects.requireNonNull(fates.get(fate));
    }
}
