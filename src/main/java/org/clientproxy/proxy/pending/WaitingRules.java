package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.proxy.stats.QueueCounters.Refusal;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.StanzaError;

/**
 * Which requests may wait for a resource and for how long, and what is said to those that find none. While it is not known who is
 * there, each waits up to its deadline. When it is known, {@code proxy.queue-timeout} and {@code proxy.max-queued} say so. Used
 * on the loop only.
 */
final class WaitingRules implements Adjustable {
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final WaitingRequests waiting;
    private final QueueCounters counters;
    private long timeoutNanos;
    private int most;

    WaitingRules(
            StreamLoop loop,
            ResourcePool pool,
            WaitingRequests waiting,
            QueueCounters counters,
            ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.waiting = waiting;
        this.counters = counters;
        adjust(settings);
    }

    /** Who waits already waits by the time that was set when it began. */
    @Override
    public void adjust(ProxySettings now) {
        timeoutNanos = now.get(WorkerKeys.QUEUE_TIMEOUT).toNanos();
        most = now.get(WorkerKeys.MAX_QUEUED);
    }

    /** Whether requests wait for a resource when it is known that none can take them. */
    boolean queue() {
        return timeoutNanos > 0;
    }

    /** Whether a request that somebody has turned away may wait for another one who is there. */
    boolean isWorthwhile(PendingRequest pending) {
        return queue() && pool.isSomebodyFor(pending.asTried(pending.triedThere()));
    }

    /** Whether it is known who is there of those that may have the request. */
    boolean isKnown(PendingRequest pending) {
        return pool.isConfirmed() && !pool.isInDoubt() && !pool.awaits(pending);
    }

    /** When the time is over for which the request may wait in all, on the loop's clock. */
    long until(PendingRequest pending) {
        return pending.waitsSince() + timeoutNanos;
    }

    /** Whether the request, which waits or did when it was last looked at, has waited for as long as it may. */
    boolean isOver(PendingRequest pending, long now) {
        return until(pending) - now <= 0;
    }

    /** Whether a request that found no resource may wait, or wait on. */
    boolean mayWait(PendingRequest pending) {
        if (!isKnown(pending)) {
            return true;
        }
        boolean over = pending.waits() && isOver(pending, loop.nanoTime());
        return queue() && !over && !isFull(pending);
    }

    /**
     * Whether the request is one too many. Beyond a few, an account may not have more in the queue than is free: as with all that
     * is pending, whoever floods by n accounts leaves one part in n + 1 to the others.
     */
    private boolean isFull(PendingRequest pending) {
        int free = most - waiting.size();
        int own = free > 0 ? waiting.of(pending.account()) : 0;
        return free <= 0 || own >= PendingShares.FEW && own > free;
    }

    /** What is said to a request that found no resource and may not wait, or not any longer; it is counted. */
    StanzaError refusal(PendingRequest pending) {
        boolean waited = pending.waits();
        if (queue() && !waited && isFull(pending)) {
            counters.refused(Refusal.TOO_MANY_QUEUED);
            return ProxyErrors.TOO_MANY_QUEUED;
        }
        if (pool.isSomebodyFor(pending)) {
            counters.refused(Refusal.ALL_BUSY);
            return ProxyErrors.ALL_BUSY;
        }
        if (!pending.tried().isEmpty()) {
            return ProxyErrors.RESOURCE_GONE;
        }
        if (pool.lacksFeature(pending)) {
            return ProxyErrors.NO_CAPABLE_RESOURCE;
        }
        counters.refused(Refusal.NO_RESOURCE);
        return ProxyErrors.NO_RESOURCE;
    }
}
