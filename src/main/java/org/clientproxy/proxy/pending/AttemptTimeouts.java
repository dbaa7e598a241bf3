package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourceHealth;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.stream.StreamLoop;

/**
 * How long one resource has before another one is asked as well ({@code proxy.attempt-timeout}), and who hears that it did not
 * reply in that time. Used on the loop only.
 */
final class AttemptTimeouts {
    private final StreamLoop loop;
    private final AttemptCounters counters;
    // 0: an attempt has as long as its request.
    private final long nanos;
    private ResourceHealth health = ResourceHealth.IGNORED;

    AttemptTimeouts(StreamLoop loop, AttemptCounters counters, ProxySettings settings) {
        this.loop = loop;
        this.counters = counters;
        long attempt = settings.get(WorkerKeys.ATTEMPT_TIMEOUT).toNanos();
        this.nanos = attempt < settings.replyTimeout().toNanos() ? attempt : 0;
    }

    void healthTo(ResourceHealth hears) {
        health = hears;
    }

    ResourceHealth health() {
        return health;
    }

    /** When it is to be looked at a request that has been sent, on the loop's clock: again and again once it is late. */
    long nextLook(PendingRequest pending) {
        if (nanos == 0) {
            return pending.deadline;
        }
        return earlier(pending.deadline, (pending.isLate() ? loop.nanoTime() : pending.sentAt()) + nanos);
    }

    /** The same of a request that an earlier process sent, which has the time from now on. */
    long firstLook(PendingRequest pending) {
        return nanos == 0 ? pending.deadline : earlier(pending.deadline, loop.nanoTime() + nanos);
    }

    /** Says of the present attempt that it is late, once, where it is. */
    void look(PendingRequest pending, long now) {
        PooledResource resource = pending.resource();
        if (resource == null || pending.isLate()) {
            return;
        }
        if (nanos == 0 ? pending.deadline - now <= 0 : pending.age(now) >= nanos) {
            pending.late();
            counters.timedOut();
            resource.counters().timedOut();
            // A session that is not known to be there, or was not asked, is not to blame.
            if (resource.isConfirmed() && !pending.isAtFormerSession()) {
                health.timedOut(resource);
            }
        }
    }

    private static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }
}
