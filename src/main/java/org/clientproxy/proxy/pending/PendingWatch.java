package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourceHealth;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.stream.StreamLoop;

/**
 * What ends the pending requests that nobody replies to: deadlines, resources that leave, the pool's confirmation and a stop
 * become endings, which the route gets until it takes them. Used on the loop only.
 */
final class PendingWatch implements PoolListener {
    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingTable table;
    private final Deadlines deadlines;
    private final Graces graces;
    private final AttemptCounters attempts = new AttemptCounters();
    private final AttemptTimeouts timeouts;
    private final Decisions decisions;
    private final EndingQueue queue;
    private final WaitingRequests waiting = new WaitingRequests();
    private final BouncedRequests bounced = new BouncedRequests();
    private PendingRequests.Endings endings = (pending, ending) -> {};
    private BooleanSupplier congested = () -> false;

    PendingWatch(StreamLoop loop, ResourcePool pool, PendingTable table, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.table = table;
        this.deadlines = new Deadlines(loop, () -> congested.getAsBoolean(), this::deadlineOver);
        this.graces = new Graces(loop, settings.leaveGrace().toNanos(), this::graceOver);
        this.timeouts = new AttemptTimeouts(loop, attempts, settings);
        this.decisions = new Decisions(loop, new Attempts(pool, loop, settings), graces, timeouts, attempts, settings);
        this.queue = new EndingQueue(loop, table, decisions, () -> congested.getAsBoolean(), this::end);
    }

    void endingsTo(PendingRequests.Endings sink) {
        endings = sink;
    }

    void holdWhile(BooleanSupplier isCongested) {
        congested = isCongested;
    }

    Decisions decisions() {
        return decisions;
    }

    void healthTo(ResourceHealth hears) {
        timeouts.healthTo(hears);
    }

    /** Any thread. */
    AttemptCounters attempts() {
        return attempts;
    }

    /** It is pending, and ends at its deadline at the latest. */
    void awaitDeadline(PendingRequest pending) {
        deadlines.set(pending, pending.deadline);
    }

    /** An earlier process left it pending, and its time goes on. */
    void awaitRestored(PendingRequest pending) {
        deadlines.set(pending, pending.resource() == null ? pending.deadline : timeouts.firstLook(pending));
    }

    /** It is pending at its resource, which may have left already. */
    void awaitReply(PendingRequest pending) {
        deadlines.set(pending, timeouts.nextLook(pending));
        PooledResource resource = pending.resource();
        if (resource != null && !resource.isListed() && !graces.isRunning(resource)) {
            graces.begin(resource);
        }
    }

    /** It is pending, and waits until it is known who is there. */
    void awaitPool(PendingRequest pending) {
        waiting.add(pending);
    }

    /** It is pending still and came back, and waits for the presence that says whether its resource has left. */
    void awaitPresence(PendingRequest pending) {
        Bounce bounce = Objects.requireNonNull(pending.bounce());
        long octets = PendingSize.of(bounce.error());
        boolean room = table.hasRoom(octets);
        if (bounced.add(Objects.requireNonNull(pending.resource()), pending)) {
            table.grow(pending, octets);
        }
        // Where there is no room for what came back, it is not waited for.
        deadlines.set(pending, room ? decisions.explainedAt(pending, bounce) : loop.nanoTime());
    }

    /** It is pending no more. */
    void forget(PendingRequest pending) {
        forgetTime(pending);
        waiting.remove(pending);
        PooledResource resource = pending.resource();
        if (resource != null) {
            if (pending.bounce() != null) {
                bounced.remove(resource, pending);
            }
            freed(resource);
        }
    }

    /** This attempt is open no more. */
    void forget(OtherAttempt attempt) {
        forgetTime(attempt.request());
        freed(attempt.resource());
    }

    /** While any attempt at it is open, the request has a time at which it is looked at. */
    private void forgetTime(PendingRequest pending) {
        if (!pending.isOpen() && !pending.hasOthers()) {
            deadlines.remove(pending);
        }
    }

    /** The resource has one request less. */
    private void freed(PooledResource resource) {
        if (!resource.isBusy()) {
            graces.end(resource);
            pool.settled(resource);
        }
    }

    void stopAll() {
        queue.addAll(table.all(), Ending.STOPPED);
    }

    /** Costs the same however many requests are pending at it, for a resource may leave and return without end. */
    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        queue.addAll(bounced.take(resource), Ending.GONE);
        // An earlier leave, from which the resource had returned, may have begun a grace.
        graces.end(resource);
        if (settle) {
            resource.sessionEnds();
        }
        if (settle && resource.isBusy()) {
            graces.begin(resource);
        }
    }

    @Override
    public void poolConfirmed() {
        lookAgain();
    }

    @Override
    public void lookAgain() {
        long now = loop.nanoTime();
        waiting.take(pending -> {
            boolean may = decisions.maySend(pending, now);
            if (may) {
                // If it has to wait on, it is among them again.
                queue.add(pending, Ending.CONFIRMED);
            }
            return may;
        });
        queue.runSoon();
    }

    private void graceOver(PooledResource resource) {
        if (!resource.isListed()) {
            // Others have these requests, so they go on without it.
            for (OtherAttempt attempt : RequestsAt.of(resource).others()) {
                table.remove(attempt);
                forget(attempt);
            }
        }
        for (PendingRequest pending = RequestsAt.of(resource).first(); pending != null; pending = pending.sentAfter) {
            Ending ending = decisions.onGraceOver(pending, resource);
            if (ending != null) {
                queue.add(pending, ending);
            }
        }
        queue.runSoon();
    }

    private void deadlineOver(PendingRequest pending) {
        long now = loop.nanoTime();
        Ending ending = decisions.onDeadline(pending, now);
        if (ending == null || ending == Ending.SLOW) {
            deadlines.set(pending, decisions.nextLook(pending, now));
        }
        if (ending == Ending.SLOW) {
            // Its attempt stays open: nothing is left without an answer where the route does not take it.
            endings.end(pending, ending);
        } else if (ending != null) {
            end(pending, ending);
        }
    }

    /** Hands an ending to the route at once. */
    void end(PendingRequest pending, Ending ending) {
        String key = pending.key();
        endings.end(pending, ending);
        if (key != null && table.find(key) == pending && key.equals(pending.key())) {
            // The route did not take the ending. No request may be left without an answer, so it is offered again.
            deadlines.set(pending, loop.nanoTime() + RETRY_NANOS);
            if (ending == Ending.CONFIRMED) {
                waiting.add(pending);
            }
        }
    }
}
