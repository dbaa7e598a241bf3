package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.stream.StreamLoop;

/**
 * What ends the pending requests that nobody replies to: deadlines, resources that leave, the pool's confirmation and a stop
 * become endings, which the route gets until it takes them. Used on the loop only.
 */
final class PendingWatch implements PoolListener {
    static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingTable table;
    private final Deadlines deadlines;
    private final Graces graces;
    private final AttemptCounters attempts = new AttemptCounters();
    private final AttemptTimeouts timeouts;
    private final Decisions decisions;
    private final EndingQueue queue;
    private final WaitingRequests waiting;
    private final WaitingRules rules;
    private final HandOut handOut;
    // Some request may have waited for as long as it may when it was not known who is there.
    private boolean someAreLate;
    private final BouncedRequests bounced = new BouncedRequests();
    private PendingRequests.Endings endings = (pending, ending) -> {};
    private BooleanSupplier congested = () -> false;

    PendingWatch(
            StreamLoop loop,
            ResourcePool pool,
            PendingTable table,
            WaitingRequests waiting,
            QueueCounters counters,
            ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.table = table;
        this.deadlines = new Deadlines(loop, () -> congested.getAsBoolean(), this::deadlineOver);
        this.graces = new Graces(loop, settings.leaveGrace().toNanos(), this::graceOver);
        this.waiting = waiting;
        this.rules = new WaitingRules(loop, pool, waiting, counters, settings);
        this.timeouts = new AttemptTimeouts(loop, attempts, settings);
        this.decisions =
                new Decisions(loop, new Attempts(pool, loop, settings), graces, timeouts, rules, attempts, settings);
        this.queue = new EndingQueue(loop, table, decisions, () -> congested.getAsBoolean(), this::end);
        this.handOut =
                new HandOut(loop, pool, waiting, decisions, () -> congested.getAsBoolean(), this::end, this::endLate);
        pool.roomTo(handOut::roomAt);
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

    /** Any thread. */
    AttemptCounters attempts() {
        return attempts;
    }

    /** It is pending, and ends at its deadline at the latest. */
    void awaitDeadline(PendingRequest pending) {
        deadlines.set(pending, pending.deadline);
    }

    /** It is pending and waits for a resource, and is looked at when it has waited for long enough. */
    void awaitTurn(PendingRequest pending) {
        deadlines.set(pending, decisions.nextLook(pending, loop.nanoTime()));
    }

    /** An earlier process left it pending, and its time goes on. */
    void awaitRestored(PendingRequest pending) {
        if (pending.resource() == null) {
            awaitTurn(pending);
        } else {
            deadlines.set(pending, timeouts.firstLook(pending));
        }
    }

    /** It is pending at its resource from now on, which may have left already. */
    void awaitReply(PendingRequest pending) {
        awaitFurther(pending);
        PooledResource resource = pending.resource();
        if (resource != null && !resource.isListed() && !graces.isRunning(resource)) {
            graces.begin(resource);
        }
    }

    /** It is pending at its resource still. Where that has left, what becomes of it is decided already. */
    void awaitFurther(PendingRequest pending) {
        deadlines.set(pending, timeouts.nextLook(pending));
    }

    /** It is pending, and waits until there is a resource for it. */
    void awaitPool(PendingRequest pending) {
        long now = loop.nanoTime();
        pending.waitsFrom(now);
        waiting.add(pending);
        handOut.joined();
        someAreLate |= rules.isOver(pending, now);
    }

    /** Which requests may wait, and for how long. */
    WaitingRules waitingRules() {
        return rules;
    }

    /** Whether the resource is offered to those who wait, so that this request is behind them. */
    boolean isForOthers(PooledResource resource, PendingRequest pending) {
        return rules.queue() && !pending.waits() && handOut.isOffered(resource);
    }

    /** It is pending and waits, and looks again at that time at the latest. */
    void lookAgainAt(PendingRequest pending, long time) {
        deadlines.set(pending, Decisions.earlier(time, pending.deadline));
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
        handOut.lookAgain();
    }

    /** Whoever has waited for as long as it may and got no resource is looked at a last time, if it is known who is there. */
    private void endLate() {
        if (!someAreLate || !pool.isConfirmed() || pool.isInDoubt()) {
            return;
        }
        someAreLate = false;
        long now = loop.nanoTime();
        waiting.forEach(pending -> {
            if (rules.isOver(pending, now) && decisions.maySend(pending, now)) {
                if (rules.isKnown(pending)) {
                    queue.add(pending, Ending.CONFIRMED);
                } else {
                    someAreLate = true;
                }
            }
        });
        queue.runSoon();
    }

    private void graceOver(PooledResource resource) {
        if (!resource.isListed()) {
            // Others have these requests, so they go on without it.
            for (OtherAttempt attempt : RequestsAt.of(resource).others()) {
                PendingRequest pending = attempt.request();
                pending.gone(attempt);
                table.remove(attempt);
                forget(attempt);
                // Its last session may have been replaced meanwhile; then nobody has it any more.
                if (!pending.hasOthers() && decisions.holds(pending, Ending.REPLACED)) {
                    queue.add(pending, Ending.REPLACED);
                }
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
            someAreLate |= pending.state() == RequestState.WAITING;
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
        int tried = pending.tried().size();
        endings.end(pending, ending);
        // A new session of the address that had it may get it under the key that the former one had it under.
        boolean sentAgain = pending.tried().size() != tried;
        if (key != null && table.find(key) == pending && key.equals(pending.key()) && !sentAgain) {
            // The route did not take the ending. No request may be left without an answer, so it is offered again.
            deadlines.set(pending, loop.nanoTime() + RETRY_NANOS);
        }
    }
}
