package org.clientproxy.proxy;

import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/** The leaves that may be an earlier session's, for the reference model: each is in doubt until a probe has told. */
final class ModelDoubts {
    /** How long after an {@code available} a leave may be another session's, and how long a probe's answer may take. */
    static final long WINDOW = Duration.ofMillis(1500).toNanos();

    private static final long HIDES = Duration.ofMillis(200).toNanos();

    private final LongSupplier clock;
    private final Runnable asks;
    // How many probes had been sent when it left.
    private final Map<String, Integer> doubted = new LinkedHashMap<>();
    // Those of them that had answered a probe right before.
    private final Set<String> contradicted = new HashSet<>();
    private long probed;
    private int probes;
    private long probeDue;
    private long endDue;

    /** @param asks is run when they are asked whether they are there */
    ModelDoubts(LongSupplier clock, Runnable asks) {
        this.clock = clock;
        this.asks = asks;
        this.probed = clock.getAsLong() - WINDOW;
    }

    boolean isEmpty() {
        return doubted.isEmpty();
    }

    void clear() {
        doubted.clear();
        contradicted.clear();
        probeDue = 0;
        endDue = 0;
    }

    /** It is there. Says whether that may be the answer to a probe that asked for it. */
    boolean returned(String key) {
        Integer before = doubted.remove(key);
        // The answer to our probe does not make a leave a doubtful one that follows at once.
        boolean answer = before != null && before < probes;
        if (!answer) {
            contradicted.remove(key);
        }
        if (before != null && doubted.isEmpty()) {
            probeDue = 0;
            endDue = 0;
        }
        return answer;
    }

    /** It says that it leaves. */
    void left(String key, ModelResource resource) {
        long now = now();
        boolean hides = resource.answer && now - resource.since < HIDES;
        // Once may be a session that was replaced just then; twice in a row is one that hides.
        boolean doubtful = hides ? contradicted.add(key) : now - resource.since <= WINDOW;
        if (!hides || !doubtful) {
            contradicted.remove(key);
        }
        if (doubtful) {
            doubted.put(key, probes);
            if (probeDue == 0 && probed + WINDOW <= now) {
                probe(now);
            } else if (probeDue == 0) {
                probeDue = probed + WINDOW;
            }
        }
    }

    /** The next moment at which something changes by itself; 0: none. */
    long nextDue() {
        return ModelOpen.sooner(probeDue, endDue);
    }

    void timeComes(long now) {
        if (endDue == now) {
            endDue = 0;
            forgetAsked();
        }
        if (probeDue == now) {
            probe(now);
        }
    }

    private void probe(long now) {
        probeDue = 0;
        forgetAsked();
        probed = now;
        probes++;
        asks.run();
        endDue = now + WINDOW;
    }

    /** Who left before the last probe and has not come back in its time is gone. */
    private void forgetAsked() {
        for (String key : List.copyOf(doubted.keySet())) {
            if (doubted.get(key) < probes) {
                doubted.remove(key);
                contradicted.remove(key);
            }
        }
    }

    private long now() {
        return clock.getAsLong();
    }

    @Override
    public String toString() {
        return doubted.toString();
    }
}
