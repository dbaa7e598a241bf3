package org.clientproxy.proxy.pending;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.PoolListener;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The pending requests: the aggregation repository of the route {@code correlate}, one group per attempt.
 *
 * <p>It also is what ends those that nobody replies to. Deadlines, resources that leave, the pool's confirmation and a
 * stop become endings, which it hands to the route one by one, at most {@value #BATCH} in one task of the loop. What it
 * holds are the requests themselves, not exchanges. Used on the loop of the stream only, but for {@link #size()} and
 * {@link #isPaused()}.
 */
public final class PendingRequests implements PoolListener {
    /** How many endings are handed out before the loop may do something else. */
    public static final int BATCH = 256;

    /** How long a bounced request waits for the presence that says whether its resource has left (200 ms). */
    static final long BOUNCE_WAIT_NANOS = Duration.ofMillis(200).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** How long endings wait before it is looked again whether the stream has room for answers (50 ms). */
    private static final long CONGESTED_NANOS = Duration.ofMillis(50).toNanos();

    /** Of the memory for pending requests, one part in about so many is for keys that were closed without a reply. */
    private static final int OCTETS_PER_CLOSED_KEY = 256;

    /** Takes the endings that no stanza brings. */
    @FunctionalInterface
    public interface Endings {
        void end(PendingRequest pending, Ending ending);
    }

    private record Due(PendingRequest pending, @Nullable String key, Ending ending) {}

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingStore store;
    private final long leaveGraceNanos;
    private final PendingShares shares;
    private final Map<String, PendingRequest> open = new HashMap<>();
    // Of the resources that left with requests pending at them: the one timer that ends all of these.
    private final Map<PooledResource, StreamLoop.Timeout> graces = new HashMap<>();
    // The bounced requests at each resource, which end when it leaves.
    private final Map<PooledResource, Set<PendingRequest>> bounced = new HashMap<>();
    private final DeadlineRing<PendingRequest> deadlines;
    private final ClosedKeys closed;
    private final List<PendingRequest> restored = new ArrayList<>();
    // Those that wait until it is known who is there, in the order in which they came.
    private final Set<PendingRequest> waiting = new LinkedHashSet<>();
    private final Attempts attempts;
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private Endings endings = (pending, ending) -> {};
    private BooleanSupplier congested = () -> false;
    private StreamLoop.@Nullable Timeout timer;
    private long timerAt;
    private long waitCounter;
    private boolean draining;
    private boolean dueScheduled;
    private volatile boolean paused;
    private volatile int size;

    public PendingRequests(StreamLoop loop, ResourcePool pool, PendingStore store, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.store = store;
        this.leaveGraceNanos = settings.leaveGrace().toNanos();
        this.shares = new PendingShares(settings);
        this.attempts = new Attempts(pool, loop, settings);
        this.deadlines = new DeadlineRing<>(loop.nanoTime());
        long closedKeys = Math.min(settings.maxPending(), settings.maxPendingSize() / OCTETS_PER_CLOSED_KEY);
        this.closed = new ClosedKeys((int) closedKeys, settings.replyTimeout().toNanos());
    }

    /** Says where the endings go. To be called once, before the first request. */
    public void endingsTo(Endings sink) {
        endings = sink;
    }

    /**
     * While this says so, what is to end stays pending, where its memory is counted: the stream has too much to write already.
     * To be called once, before the first request.
     */
    public void holdEndingsWhile(BooleanSupplier isCongested) {
        congested = isCongested;
    }

    /** How many requests are pending. Any thread. */
    public int size() {
        return size;
    }

    /** How much memory pending requests take, in octets. Any thread. */
    public long octets() {
        return shares.octets();
    }

    /** Why this request is not taken in as a further one; null: it is. */
    @Nullable
    public StanzaError refusal(PendingRequest pending) {
        return shares.refusal(pending.account, pending.size());
    }

    /** Whether a reply under this key could be mistaken: it is open, or was lately closed without one. */
    public boolean isTaken(String key) {
        return open.containsKey(key) || closed.contains(key, loop.nanoTime());
    }

    public boolean isOpen(PendingRequest pending) {
        return pending.key() != null && open.get(pending.key()) == pending;
    }

    /** The request that is pending under this key, or null. */
    @Nullable
    public PendingRequest find(String key) {
        return open.get(key);
    }

    /** Keeps the request until the pool is confirmed; no reply can have its key. */
    public void await(PendingRequest pending) {
        String key = waitingKey();
        pending.await(key);
        store.put(pending);
        enter(key, pending);
        waiting.add(pending);
        arm(pending, pending.deadline);
    }

    private String waitingKey() {
        return "waiting\n" + waitCounter++;
    }

    /** From now on no request is taken in any more. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    /** From now on new requests are refused on an operator's word. Any thread. */
    public void pause() {
        paused = true;
    }

    /** New requests are taken again. Any thread. */
    public void resume() {
        paused = false;
    }

    public boolean isPaused() {
        return paused;
    }

    /** Ends what is still pending: the graceful stop has waited long enough. */
    public void stopAll() {
        endAll(open.values(), Ending.STOPPED);
    }

    /** Marks the request as answered, once; false where it was already. Its record is settled right before that is written. */
    public boolean answer(PendingRequest pending) {
        store.answered(pending);
        return pending.answer();
    }

    /**
     * Counts a request that is away at the gate, until it is {@linkplain #release released} or has to end. It is recorded
     * nowhere: a next process could not know whether it may pass.
     */
    public void hold(PendingRequest pending) {
        String key = "held\n" + waitCounter++;
        pending.hold(key);
        enter(key, pending);
        arm(pending, pending.deadline);
    }

    /** A request has come back from the gate; false where it was ended meanwhile. */
    public boolean release(PendingRequest pending) {
        boolean open = isOpen(pending);
        if (open) {
            close(Objects.requireNonNull(pending.key()));
            pending.release();
        }
        return open;
    }

    /**
     * Takes in what an earlier process left. Nothing of it ends before {@link #startRestored}.
     *
     * @param closedKeys the keys of what is not taken up and may be replied to
     */
    public void restore(List<RestoredRequest> left, List<String> closedKeys, InstantSource clock, long replyTimeoutNanos) {
        for (String key : closedKeys) {
            closed.add(key, loop.nanoTime());
        }
        for (RestoredRequest stored : left) {
            // A clock that was set back must not make a request wait for longer than any may.
            long rest = Math.min(
                    TimeUnit.MILLISECONDS.toNanos(stored.deadlineMillis() - clock.millis()), replyTimeoutNanos);
            Stanza request = stored.request();
            PendingRequest pending = new PendingRequest(
                    request, request.fromJid(), loop.nanoTime() + rest - replyTimeoutNanos, loop.nanoTime() + rest);
            pending.storedAs(stored.record());
            pending.triedBefore(stored.tried());
            if (stored.waiting()) {
                pending.await(waitingKey());
                waiting.add(pending);
            } else {
                Jid last = stored.tried().get(stored.tried().size() - 1);
                pending.resume(pool.recall(last), stored.key(), loop.nanoTime());
            }
            enter(Objects.requireNonNull(pending.key()), pending);
            restored.add(pending);
        }
    }

    /** There is a stream for the answers, so what was restored and has expired may end. */
    public void startRestored() {
        for (PendingRequest pending : restored) {
            if (isOpen(pending)) {
                arm(pending, pending.deadline);
            }
        }
        restored.clear();
    }

    /** Takes in a request of an earlier process whose deadline is over, and ends it at once. */
    void end(PendingRequest pending, Ending ending) {
        String key = waitingKey();
        pending.await(key);
        enter(key, pending);
        endNow(pending, ending);
    }

    /**
     * An attempt is pending under this key from now on, or its request came back and waits for the presence that explains it.
     *
     * @throws StanzaErrorException where it cannot be recorded
     */
    public void open(String key, PendingRequest pending) {
        if (pending.bounce() != null) {
            keepBounced(pending);
            return;
        }
        if (open.get(key) != pending) {
            try {
                store.put(pending);
            } catch (StanzaErrorException e) {
                // It goes to nobody, so its answer is no resource's.
                pending.abandon();
                throw e;
            }
            enter(key, pending);
        }
        arm(pending, pending.deadline);
        PooledResource resource = pending.resource();
        if (resource != null && !resource.isListed() && !graces.containsKey(resource)) {
            startGrace(resource);
        }
    }

    /** A request came back, and waits for the presence that says whether its resource has left. */
    private void keepBounced(PendingRequest pending) {
        Stanza bounce = Objects.requireNonNull(pending.bounce());
        PooledResource resource = Objects.requireNonNull(pending.resource());
        long octets = PendingSize.of(bounce);
        boolean room = shares.hasRoom(octets);
        boolean first =
                bounced.computeIfAbsent(resource, at -> new LinkedHashSet<>()).add(pending);
        if (first && pending.share != null) {
            pending.counted += octets;
            shares.grow(pending.share, octets);
        }
        // Where there is no room for what came back, it is not waited for.
        arm(pending, room ? earlier(pending.deadline, pending.bouncedAt() + BOUNCE_WAIT_NANOS) : loop.nanoTime());
    }

    private void enter(String key, PendingRequest pending) {
        pending.compact();
        open.put(key, pending);
        pending.counted = pending.size() + PendingSize.ofAttempt(key, pending.tried());
        PendingShares.Share share = shares.take(pending.account, pending.counted);
        pending.share = share;
        pending.account = share.name();
        size = open.size();
        PooledResource resource = pending.resource();
        if (resource != null) {
            RequestsAt.of(resource).add(pending);
            resource.counters().requested();
        }
    }

    /** The attempt under this key has ended; nothing happens where there is none. */
    public void close(String key) {
        PendingRequest pending = open.remove(key);
        if (pending == null) {
            return;
        }
        size = open.size();
        deadlines.remove(pending);
        if (!waiting.isEmpty()) {
            waiting.remove(pending);
        }
        if (pending.share != null) {
            shares.giveBack(pending.share, pending.counted);
            pending.share = null;
        }
        PooledResource resource = pending.resource();
        if (resource != null) {
            if (pending.bounce() != null) {
                forgetBounced(resource, pending);
            }
            RequestsAt.of(resource).remove(pending);
            if (!resource.isBusy()) {
                endGrace(resource);
                pool.settled(resource);
            }
            if (!pending.isReplied()) {
                closed.add(key, loop.nanoTime());
            }
        }
    }

    private void forgetBounced(PooledResource resource, PendingRequest pending) {
        Set<PendingRequest> all = bounced.get(resource);
        if (all != null && all.remove(pending) && all.isEmpty()) {
            bounced.remove(resource);
        }
    }

    /** Costs the same however many requests are pending at it, for a resource may leave and return without end. */
    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        Set<PendingRequest> back = bounced.remove(resource);
        if (back != null) {
            endAll(back, Ending.GONE);
        }
        // An earlier leave, from which the resource had returned, may have begun a grace.
        endGrace(resource);
        if (settle) {
            resource.sessionEnds();
        }
        if (settle && resource.isBusy()) {
            startGrace(resource);
        }
    }

    private void startGrace(PooledResource resource) {
        graces.put(resource, loop.schedule(() -> graceOver(resource), leaveGraceNanos));
    }

    private void endGrace(PooledResource resource) {
        StreamLoop.Timeout timeout = graces.isEmpty() ? null : graces.remove(resource);
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private void graceOver(PooledResource resource) {
        graces.remove(resource);
        Ending ending = resource.isListed() ? Ending.REPLACED : Ending.GONE;
        for (PendingRequest pending = RequestsAt.of(resource).first(); pending != null; pending = pending.sentAfter) {
            // One that came back is explained by the time that it has for that.
            if (pending.bounce() == null && (ending == Ending.GONE || pending.isAtFormerSession())) {
                due.add(new Due(pending, pending.key(), ending));
            }
        }
        runDueSoon();
    }

    @Override
    public void poolConfirmed() {
        lookAgain();
    }

    @Override
    public void lookAgain() {
        long now = loop.nanoTime();
        for (Iterator<PendingRequest> all = waiting.iterator(); all.hasNext(); ) {
            PendingRequest pending = all.next();
            // What is over is not sent on any more; of what an earlier process left there may be no content.
            if (pending.deadline - now > 0) {
                due.add(new Due(pending, pending.key(), Ending.CONFIRMED));
                // If it has to wait on, it is among them again.
                all.remove();
            }
        }
        runDueSoon();
    }

    private void endAll(Iterable<PendingRequest> all, Ending ending) {
        for (PendingRequest pending : all) {
            due.add(new Due(pending, pending.key(), ending));
        }
        runDueSoon();
    }

    private void runDueSoon() {
        if (!due.isEmpty() && !dueScheduled) {
            dueScheduled = true;
            loop.execute(this::runDue);
        }
    }

    /** Hands out one batch of endings, and comes again if there are more. */
    private void runDue() {
        boolean held = false;
        for (int i = 0; i < BATCH && !due.isEmpty() && !held; i++) {
            held = congested.getAsBoolean();
            if (!held) {
                Due next = due.remove();
                // It may have been settled, or sent to another resource, since.
                if (next.key() != null && open.get(next.key()) == next.pending() && isTrue(next)) {
                    endNow(next.pending(), next.ending());
                    if (next.ending() == Ending.CONFIRMED && open.get(next.key()) == next.pending()) {
                        // The route did not take the ending.
                        waiting.add(next.pending());
                    }
                }
            }
        }
        dueScheduled = !due.isEmpty();
        if (dueScheduled) {
            // By the timer: of tasks that are merely queued the loop runs many before it looks at its sockets again.
            loop.schedule(this::runDue, held ? CONGESTED_NANOS : 0);
        }
    }

    private void arm(PendingRequest pending, long at) {
        deadlines.remove(pending);
        deadlines.add(pending, at);
        long pollAt = DeadlineRing.pollAt(at);
        if (timer == null || pollAt - timerAt < 0) {
            schedule(pollAt);
        }
    }

    private void schedule(long at) {
        if (timer != null) {
            timer.cancel();
        }
        timerAt = at;
        timer = loop.schedule(this::tick, Math.max(0, at - loop.nanoTime()));
    }

    private void tick() {
        timer = null;
        long now = loop.nanoTime();
        if (congested.getAsBoolean()) {
            schedule(now + CONGESTED_NANOS);
            return;
        }
        for (PendingRequest pending : deadlines.poll(now, BATCH)) {
            PooledResource resource = pending.resource();
            boolean listed = resource != null && resource.isListed();
            if (congested.getAsBoolean()) {
                arm(pending, now + CONGESTED_NANOS);
            } else if (pending.bounce() != null) {
                explainBounce(pending, now);
            } else if (pending.deadline - now <= 0) {
                endNow(pending, Ending.EXPIRED);
            } else if (resource != null && !listed && !graces.containsKey(resource)) {
                // Offered again.
                endNow(pending, Ending.GONE);
            } else if (isReplaced(pending)) {
                // Offered again.
                endNow(pending, Ending.REPLACED);
            } else {
                arm(pending, pending.deadline);
            }
        }
        // What was armed meanwhile has set the timer for itself alone.
        long next = now + deadlines.delay(now);
        if (!deadlines.isEmpty() && (timer == null || next - timerAt < 0)) {
            schedule(next);
        }
    }

    /** A request came back, and there has been time for the presence that explains it. */
    private void explainBounce(PendingRequest pending, long now) {
        PooledResource resource = pending.resource();
        if (resource == null || !resource.isListed() || pending.isAtFormerSession()) {
            endNow(pending, Ending.GONE);
        } else if (resource.isSuspect() && pending.deadline - now > 0) {
            // Others came back from it before: it is being found out whether it is there.
            arm(pending, earlier(pending.deadline, now + BOUNCE_WAIT_NANOS));
        } else {
            endNow(pending, Ending.BOUNCED);
        }
    }

    /** Whether what is due may still happen: meanwhile the resource may have left once more, or nobody else be there. */
    private boolean isTrue(Due next) {
        return next.ending() != Ending.REPLACED || isReplaced(next.pending());
    }

    /**
     * Whether another session has taken the place of the one that was asked, the grace of that is over, and somebody may be
     * asked again. A set may have been carried out, and the session may be the same one after all.
     */
    private boolean isReplaced(PendingRequest pending) {
        PooledResource resource = pending.resource();
        return pending.isGet()
                && pending.bounce() == null
                && resource != null
                && resource.isListed()
                && pending.isAtFormerSession()
                && !graces.containsKey(resource)
                && attempts.mayTryAgain(pending);
    }

    private void endNow(PendingRequest pending, Ending ending) {
        String key = pending.key();
        endings.end(pending, ending);
        if (key != null && open.get(key) == pending && key.equals(pending.key())) {
            // The route did not take the ending. No request may be left without an answer, so it is offered again.
            arm(pending, loop.nanoTime() + RETRY_NANOS);
        }
    }

    private static long earlier(long a, long b) {
        return a - b <= 0 ? a : b;
    }
}
