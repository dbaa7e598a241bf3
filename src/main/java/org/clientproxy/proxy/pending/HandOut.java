package org.clientproxy.proxy.pending;

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.stream.StreamLoop;

/**
 * Gives resources to the requests that wait: one place to one request, in the order of {@link WaitingRequests}. A resource is
 * looked at when there may be room at it that was not there before; all of them when it may have changed who suits whom. So no
 * request that waits is woken in vain. It runs in a task of its own, in batches, between which the loop looks at its sockets.
 * Until that task has run, no new request may take what is offered here ({@link #isOffered}). Used on the loop only.
 */
final class HandOut {
    /** How long it is waited where a request was not taken by the route (1 s). */
    private static final long AGAIN_NANOS = PendingWatch.RETRY_NANOS;

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final WaitingRequests waiting;
    private final Decisions decisions;
    private final BooleanSupplier congested;
    private final BiConsumer<PendingRequest, Ending> sink;
    private final Runnable done;
    private final Set<PooledResource> offered = new LinkedHashSet<>();
    private boolean all;
    private boolean scheduled;

    /**
     * @param congested while this says so, nobody gets a resource
     * @param sink takes each request that may be sent, at once
     * @param done hears when everything that was offered is given, or nobody wants it
     */
    HandOut(
            StreamLoop loop,
            ResourcePool pool,
            WaitingRequests waiting,
            Decisions decisions,
            BooleanSupplier congested,
            BiConsumer<PendingRequest, Ending> sink,
            Runnable done) {
        this.loop = loop;
        this.pool = pool;
        this.waiting = waiting;
        this.decisions = decisions;
        this.congested = congested;
        this.sink = sink;
        this.done = done;
    }

    /** There may be room at this resource that was not there before. */
    void roomAt(PooledResource resource) {
        // When the pool is confirmed, all are looked at.
        if (!waiting.isEmpty() && pool.isConfirmed()) {
            offered.add(resource);
            runSoon();
        }
    }

    /** Whatever has changed, there may be somebody for whoever waits. */
    void lookAgain() {
        if (!waiting.isEmpty()) {
            all = true;
            runSoon();
        }
    }

    /** A request has begun to wait. Where a hand-out is to come, it takes part, whomever the request may go to. */
    void joined() {
        all |= scheduled;
    }

    /** Whether the resource is offered to those who wait, so that whoever comes now is behind them. */
    boolean isOffered(PooledResource resource) {
        return scheduled && (all || offered.contains(resource)) && !waiting.isEmpty();
    }

    private void runSoon() {
        if (!scheduled) {
            scheduled = true;
            loop.execute(this::run);
        }
    }

    private void runAfter(long nanos) {
        if (!scheduled) {
            scheduled = true;
            // By the timer: of tasks that are merely queued the loop runs many before it looks at its sockets again.
            loop.schedule(this::run, nanos);
        }
    }

    private void run() {
        scheduled = false;
        if (!pool.isConfirmed()) {
            offered.clear();
            all = false;
            return;
        }
        if (all) {
            all = false;
            offered.addAll(pool.withRoom());
        }
        for (int given = 0; !offered.isEmpty() && !waiting.isEmpty(); given++) {
            // Before somebody has a turn, which is not to be in vain.
            if (congested.getAsBoolean()) {
                runAfter(EndingQueue.CONGESTED_NANOS);
                return;
            } else if (given == EndingQueue.BATCH) {
                runAfter(0);
                return;
            }
            PooledResource resource = offered.iterator().next();
            PendingRequest next =
                    pool.hasRoom(resource) ? waiting.next(pending -> Attempts.suits(pool, resource, pending)) : null;
            if (next == null) {
                offered.remove(resource);
            } else {
                sink.accept(next, decisions.maySend(next, loop.nanoTime()) ? Ending.CONFIRMED : Ending.EXPIRED);
                if (waiting.contains(next)) {
                    runAfter(AGAIN_NANOS);
                    return;
                }
            }
        }
        offered.clear();
        done.run();
    }
}
