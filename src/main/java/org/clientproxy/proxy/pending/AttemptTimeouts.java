package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.stream.StreamLoop;

/**
 * How long one resource has before another one is asked as well ({@code proxy.attempt-timeout}). Used on the loop only.
 */
final class AttemptTimeouts implements Adjustable {
    private final StreamLoop loop;
    private final AttemptCounters counters;
    // 0: an attempt has as long as its request.
    private long nanos;

    AttemptTimeouts(StreamLoop loop, AttemptCounters counters, ProxySettings settings) {
        this.loop = loop;
        this.counters = counters;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        long attempt = now.get(WorkerKeys.ATTEMPT_TIMEOUT).toNanos();
        nanos = attempt < now.replyTimeout().toNanos() ? attempt : 0;
    }

    /** When it is to be looked at a request that has been sent, on the loop's clock: again and again once it is late. */
    long nextLook(PendingRequest pending) {
        if (nanos == 0) {
            return pending.deadline;
        }
        return Decisions.earlier(pending.deadline, (pending.isLate() ? loop.nanoTime() : pending.sentAt()) + nanos);
    }

    /** The same of a request that an earlier process sent, which has the time from now on. */
    long firstLook(PendingRequest pending) {
        return nanos == 0 ? pending.deadline : Decisions.earlier(pending.deadline, loop.nanoTime() + nanos);
    }

    /** Whether the present attempt is late, and was not before; true once for each attempt. */
    boolean isLateNow(PendingRequest pending, long now) {
        PooledResource resource = pending.resource();
        if (resource == null || pending.isLate() || !isOver(pending, pending.sentAt(), now)) {
            return false;
        }
        pending.late();
        count(resource);
        return true;
    }

    /** The same of an attempt beside the present one, which may have been set aside before it was late. */
    boolean isLateNow(OtherAttempt attempt, long now) {
        if (attempt.late() || !isOver(attempt.request(), attempt.sentAt(), now)) {
            return false;
        }
        attempt.request().late(attempt);
        count(attempt.resource());
        return true;
    }

    private boolean isOver(PendingRequest pending, long sentAt, long now) {
        return nanos == 0 ? pending.deadline - now <= 0 : now - sentAt >= nanos;
    }

    private void count(PooledResource resource) {
        counters.timedOut();
        resource.counters().timedOut();
    }
}
