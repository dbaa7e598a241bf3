package org.clientproxy.proxy;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.AggregationRepository;
import org.apache.camel.support.DefaultExchange;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * The pending requests: the aggregation repository of the route {@code correlate}, one group per attempt.
 *
 * <p>It also is what ends those that nobody replies to. Deadlines, resources that leave, the pool's confirmation and a
 * stop become endings, which it hands to the route one by one, at most {@value #BATCH} in one task of the loop. What it
 * holds are the requests themselves, not exchanges. Used on the loop of the stream only, but for {@link #size()} and
 * {@link #isRefusing()}.
 */
final class PendingRequests implements AggregationRepository, PoolListener {
    /** How many endings are handed out before the loop may do something else. */
    static final int BATCH = 256;

    /** So many requests of one account are never too many, unless all places are taken. */
    static final int FEW = 16;

    /** How long a bounced request waits for the presence that says whether its resource has left (200 ms). */
    static final long BOUNCE_WAIT_NANOS = Duration.ofMillis(200).toNanos();

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** Takes the endings that no stanza brings. */
    @FunctionalInterface
    interface Endings {
        void end(PendingRequest pending, Ending ending);
    }

    /** How many requests of one account are pending. */
    private static final class Share {
        private final String account;
        private int held;

        Share(String account) {
            this.account = account;
        }
    }

    private record Due(PendingRequest pending, @Nullable String key, Ending ending) {}

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingStore store;
    private final long leaveGraceNanos;
    private final int maxPending;
    private final int maxPendingPerRequester;
    private final Map<String, PendingRequest> open = new HashMap<>();
    private final Map<String, Share> shares = new HashMap<>();
    private final DeadlineRing<PendingRequest> deadlines;
    private final ClosedKeys closed;
    private final List<PendingRequest> restored = new ArrayList<>();
    private final ArrayDeque<Due> due = new ArrayDeque<>();
    private Endings endings = (pending, ending) -> {};
    private StreamLoop.@Nullable Timeout timer;
    private long timerAt;
    private long waitCounter;
    private boolean draining;
    private boolean dueScheduled;
    private volatile boolean refusing;
    private volatile int size;
    // What the aggregator sees of a group; nobody keeps it until the next one.
    private @Nullable Exchange group;

    PendingRequests(StreamLoop loop, ResourcePool pool, PendingStore store, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.store = store;
        this.leaveGraceNanos = settings.leaveGrace().toNanos();
        this.maxPending = settings.maxPending();
        this.maxPendingPerRequester = settings.maxPendingPerRequester();
        this.deadlines = new DeadlineRing<>(loop.nanoTime());
        this.closed =
                new ClosedKeys(settings.maxPending(), settings.replyTimeout().toNanos());
    }

    /** Says where the endings go. To be called once, before the first request. */
    void endingsTo(Endings sink) {
        endings = sink;
    }

    /** How many requests are pending. Any thread. */
    int size() {
        return size;
    }

    boolean isFull() {
        return open.size() >= maxPending;
    }

    /**
     * Whether so many requests of this account are pending that no more are taken: its share, or more than there are free
     * places for everybody. So when it gets tight, those who hold the most are refused first, and whoever floods by n
     * accounts leaves one place in n + 1 free.
     */
    boolean isFullFor(String account) {
        Share share = shares.get(account);
        int held = share == null ? 0 : share.held;
        return held >= maxPendingPerRequester || held >= FEW && held > maxPending - open.size();
    }

    /** Whether a reply under this key could be mistaken: it is open, or was lately closed without one. */
    boolean isTaken(String key) {
        return open.containsKey(key) || closed.contains(key, loop.nanoTime());
    }

    boolean isOpen(PendingRequest pending) {
        return pending.key() != null && open.get(pending.key()) == pending;
    }

    /** The request that is pending under this key, or null. */
    @Nullable
    PendingRequest find(String key) {
        return open.get(key);
    }

    /** Keeps the request until the pool is confirmed; no reply can have its key. */
    void await(PendingRequest pending) {
        String key = waitingKey();
        pending.await(key);
        store.put(pending);
        enter(key, pending);
        arm(pending, pending.deadline);
    }

    private String waitingKey() {
        return "waiting\n" + waitCounter++;
    }

    /** From now on no request is taken in any more. */
    void drain() {
        draining = true;
    }

    /** Requests are taken in, again. */
    void admit() {
        draining = false;
    }

    boolean isDraining() {
        return draining;
    }

    /** From now on new requests are refused, or taken again, on an operator's word. Any thread. */
    void refuse(boolean refuse) {
        refusing = refuse;
    }

    boolean isRefusing() {
        return refusing;
    }

    /** Ends what is still pending: the graceful stop has waited long enough. */
    void stopAll() {
        endAll(open.values(), Ending.STOPPED);
    }

    /** Marks the request as answered, once; false where it was already. Its record is settled right before that is written. */
    boolean answer(PendingRequest pending) {
        store.answered(pending);
        return pending.answer();
    }

    /**
     * Counts a request that is away at the gate, until it is {@linkplain #release released} or has to end. It is recorded
     * nowhere: a next process could not know whether it may pass.
     */
    void hold(PendingRequest pending) {
        String key = "held\n" + waitCounter++;
        pending.hold(key);
        enter(key, pending);
        arm(pending, pending.deadline);
    }

    /** A request has come back from the gate; false where it was ended meanwhile. */
    boolean release(PendingRequest pending) {
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
    void restore(List<StoredRequest> left, List<String> closedKeys, InstantSource clock, long replyTimeoutNanos) {
        for (String key : closedKeys) {
            closed.add(key, loop.nanoTime());
        }
        for (StoredRequest stored : left) {
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
            } else {
                Jid last = stored.tried().get(stored.tried().size() - 1);
                pending.resume(pool.recall(last), stored.key(), loop.nanoTime());
            }
            enter(Objects.requireNonNull(pending.key()), pending);
            restored.add(pending);
        }
    }

    /** There is a stream for the answers, so what was restored and has expired may end. */
    void startRestored() {
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

    @Override
    public Exchange add(CamelContext context, String key, Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        PooledResource resource = pending.resource();
        if (open.get(key) != pending) {
            store.put(pending);
            enter(key, pending);
        }
        long dueAt = pending.deadline;
        if (pending.bounce() != null) {
            dueAt = earlier(dueAt, pending.bouncedAt() + BOUNCE_WAIT_NANOS);
        } else if (resource != null && !resource.isListed()) {
            dueAt = earlier(dueAt, loop.nanoTime() + leaveGraceNanos);
        }
        arm(pending, dueAt);
        return exchange;
    }

    private void enter(String key, PendingRequest pending) {
        pending.compact();
        open.put(key, pending);
        Share share = shares.computeIfAbsent(pending.account, Share::new);
        share.held++;
        pending.account = share.account;
        size = open.size();
        PooledResource resource = pending.resource();
        if (resource != null) {
            resource.add(pending);
            resource.counters().requested();
        }
    }

    @Override
    public @Nullable Exchange get(CamelContext context, String key) {
        PendingRequest pending = open.get(key);
        if (pending == null) {
            return null;
        }
        Exchange shown = group;
        if (shown == null) {
            shown = new DefaultExchange(context);
            group = shown;
        }
        // Set where a bounce is kept in the group; it is not the next one's.
        shown.removeProperty(ExchangePropertyKey.AGGREGATED_SIZE);
        shown.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        return shown;
    }

    @Override
    public void remove(CamelContext context, String key, Exchange exchange) {
        close(key);
    }

    private void close(String key) {
        PendingRequest pending = open.remove(key);
        if (pending == null) {
            return;
        }
        size = open.size();
        deadlines.remove(pending);
        Share share = shares.get(pending.account);
        if (share != null && --share.held == 0) {
            shares.remove(pending.account);
        }
        PooledResource resource = pending.resource();
        if (resource != null) {
            resource.remove(pending);
            if (!resource.isBusy()) {
                pool.settled(resource);
            }
            if (!pending.isReplied()) {
                closed.add(key, loop.nanoTime());
            }
        }
    }

    @Override
    public void confirm(CamelContext context, String exchangeId) {
        // Nothing is recovered, so nothing needs to be confirmed.
    }

    @Override
    public Set<String> getKeys() {
        return Set.of();
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        long graceEnd = loop.nanoTime() + leaveGraceNanos;
        for (PendingRequest pending = resource.first(); pending != null; pending = pending.sentAfter) {
            if (pending.bounce() != null) {
                due.add(new Due(pending, pending.key(), Ending.GONE));
            } else {
                // An earlier leave, from which the resource had returned, may have armed the end of its grace.
                arm(pending, settle ? earlier(pending.deadline, graceEnd) : pending.deadline);
            }
        }
        runDueSoon();
    }

    @Override
    public void poolConfirmed() {
        List<PendingRequest> waiting = new ArrayList<>();
        long now = loop.nanoTime();
        for (PendingRequest pending : open.values()) {
            // What is over is not sent on any more; of what an earlier process left there may be no content.
            if (pending.resource() == null && !pending.isHeld() && pending.deadline - now > 0) {
                waiting.add(pending);
            }
        }
        endAll(waiting, Ending.CONFIRMED);
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
        for (int i = 0; i < BATCH && !due.isEmpty(); i++) {
            Due next = due.remove();
            // It may have been settled, or sent to another resource, since.
            if (next.key() != null && open.get(next.key()) == next.pending()) {
                endings.end(next.pending(), next.ending());
            }
        }
        dueScheduled = !due.isEmpty();
        if (dueScheduled) {
            // By the timer: of tasks that are merely queued the loop runs many before it looks at its sockets again.
            loop.schedule(this::runDue, 0);
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
        for (PendingRequest pending : deadlines.poll(now, BATCH)) {
            PooledResource resource = pending.resource();
            if (pending.bounce() != null) {
                endNow(pending, resource != null && resource.isListed() ? Ending.BOUNCED : Ending.GONE);
            } else if (pending.deadline - now <= 0) {
                endNow(pending, Ending.EXPIRED);
            } else if (resource != null && !resource.isListed()) {
                endNow(pending, Ending.GONE);
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
