package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The {@code unavailable} presences that may be late: they may belong to an earlier session of the same address, for ejabberd may
 * deliver a new session's {@code available} before the old one's {@code unavailable}. Such a leave is followed by one probe, and
 * is in doubt until the resource is back or the answer would have come. Used on the loop only.
 *
 * <p>Every session answers a probe, so each of them looks as if it had just come. Were each leave after that probed for at
 * once, a hundred sessions that leave together would cost a hundred probes with up to a hundred answers each; hence one
 * probe in {@link #WINDOW} serves all.
 */
final class LateUnavailables {
    /** How long after a session's {@code available} its leave may be another one's, and how long a probe's answer may take. */
    static final Duration WINDOW = Duration.ofMillis(1500);

    /** A session that hides from us is contradicted by the probe; if it hides again it does so within this time, time after time. */
    private static final Duration HIDES_AGAIN = Duration.ofMillis(200);

    private final StreamLoop loop;
    private final Runnable probe;
    private final Runnable settled;
    // Those that left so, and how many probes had been sent by then.
    private final Map<String, Integer> left = new HashMap<>();
    // Those of them that had answered a probe right before.
    private final Set<String> contradicted = new HashSet<>();
    private StreamLoop.@Nullable Timeout next;
    private StreamLoop.@Nullable Timeout end;
    private long probedAt;
    private int probes;

    /**
     * @param probe sends a probe, if the state of the subscription allows one when it is called
     * @param settled hears that no leave is in doubt any more, but for the return of a resource
     */
    LateUnavailables(StreamLoop loop, Runnable probe, Runnable settled) {
        this.loop = loop;
        this.probe = probe;
        this.settled = settled;
        this.probedAt = loop.nanoTime() - WINDOW.toNanos();
    }

    /** Whether a leave is in doubt. */
    boolean isInDoubt() {
        return !left.isEmpty();
    }

    /** A resource has left whose {@code available} was processed at this time. */
    void left(PooledResource resource) {
        long now = loop.nanoTime();
        long there = now - resource.availableAt();
        boolean hides = resource.hasAnsweredProbe() && there < HIDES_AGAIN.toNanos();
        // Once may be a session that was replaced just then; twice in a row is one that hides.
        boolean believed = hides ? !contradicted.add(resource.key()) : there > WINDOW.toNanos();
        if (believed || !hides) {
            contradicted.remove(resource.key());
        }
        if (believed) {
            return;
        }
        left.put(resource.key(), probes);
        if (next == null) {
            long wait = probedAt + WINDOW.toNanos() - now;
            if (wait <= 0) {
                probe();
            } else {
                next = loop.schedule(this::probe, wait);
            }
        }
    }

    /**
     * A resource leaves now: what came from it before the time that is returned came from the session that has ended, and what
     * came later may be from the one that has taken its place.
     */
    long endedBefore(PooledResource resource) {
        long now = loop.nanoTime();
        return now - resource.availableAt() < WINDOW.toNanos() ? resource.availableAt() : now + 1;
    }

    /** A resource is available; says whether that may be the answer to a probe that asked for it. */
    boolean returned(String key) {
        Integer before = left.remove(key);
        if (before == null || before >= probes) {
            contradicted.remove(key);
        }
        if (before == null) {
            return false;
        }
        if (left.isEmpty()) {
            next = cancel(next);
            end = cancel(end);
        }
        // Nobody has asked yet for one that left after our last probe: it comes by itself.
        return before < probes;
    }

    /** Forgets all: the stream is down. */
    void clear() {
        left.clear();
        contradicted.clear();
        next = cancel(next);
        end = cancel(end);
    }

    private void probe() {
        next = null;
        forgetAsked();
        probedAt = loop.nanoTime();
        probes++;
        probe.run();
        end = cancel(end);
        end = loop.schedule(this::end, WINDOW.toNanos());
    }

    private void end() {
        end = null;
        forgetAsked();
        if (left.isEmpty()) {
            settled.run();
        }
    }

    /** Who left before the last probe and has not come back in its time is gone. */
    private void forgetAsked() {
        for (Iterator<Map.Entry<String, Integer>> all = left.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<String, Integer> asked = all.next();
            if (asked.getValue() < probes) {
                contradicted.remove(asked.getKey());
                all.remove();
            }
        }
    }

    private static StreamLoop.@Nullable Timeout cancel(StreamLoop.@Nullable Timeout timeout) {
        if (timeout != null) {
            timeout.cancel();
        }
        return null;
    }
}
