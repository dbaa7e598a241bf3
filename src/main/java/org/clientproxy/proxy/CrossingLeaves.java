package org.clientproxy.proxy;

import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The leaves that may belong to an earlier session of the same address, for ejabberd may deliver a new session's presence
 * before the old one's leave. Such a leave is followed by one probe. Used on the loop only.
 *
 * <p>Every session answers a probe, so each of them looks as if it had just come. Were each leave after that probed for at
 * once, a hundred sessions that leave together would cost a hundred probes with up to a hundred answers each; hence one
 * probe in {@link #WINDOW} serves all.
 */
final class CrossingLeaves {
    /** How long after a session's {@code available} its leave may be another one's. */
    static final Duration WINDOW = Duration.ofMillis(1500);

    private final StreamLoop loop;
    private final Runnable probe;
    // When each left whose return would be the answer to our probe, the first one first.
    private final Map<String, Long> left = new LinkedHashMap<>();
    private StreamLoop.@Nullable Timeout next;
    private long probedAt;

    /** @param probe sends a probe, if the state of the subscription allows one when it is called */
    CrossingLeaves(StreamLoop loop, Runnable probe) {
        this.loop = loop;
        this.probe = probe;
        this.probedAt = loop.nanoTime() - WINDOW.toNanos();
    }

    /** A resource has left whose {@code available} was processed at this time. */
    void left(PooledResource resource) {
        long now = loop.nanoTime();
        if (now - resource.availableAt() > WINDOW.toNanos()) {
            return;
        }
        for (Iterator<Long> first = left.values().iterator(); first.hasNext() && isOver(first.next(), now); ) {
            first.remove();
        }
        left.remove(resource.key());
        left.put(resource.key(), now);
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
     * The time that is to count as that of a resource's {@code available}: the present, unless it answers our probe. For a
     * session that hides from us is contradicted by the probe, and must not be probed for again when it repeats that.
     */
    long availableAt(String key) {
        long now = loop.nanoTime();
        Long at = left.remove(key);
        return at == null || isOver(at, now) ? now : now - WINDOW.toNanos() - 1;
    }

    /** Forgets all: the stream is down. */
    void clear() {
        left.clear();
        if (next != null) {
            next.cancel();
            next = null;
        }
    }

    private void probe() {
        next = null;
        probedAt = loop.nanoTime();
        probe.run();
    }

    /** A probe waits for one window at most, and its answer is awaited for another. */
    private static boolean isOver(long at, long now) {
        return now - at > 2 * WINDOW.toNanos();
    }
}
