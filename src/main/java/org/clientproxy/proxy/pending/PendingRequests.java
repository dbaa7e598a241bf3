package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The pending requests: what the steps of the routes open, close and answer, and what ends those that nobody replies to.
 *
 * <p>It joins the parts and holds no request itself: the {@link PendingTable}, the {@link Deadlines}, the requests that
 * {@linkplain WaitingRequests wait}, that {@linkplain BouncedRequests came back} or that an earlier process
 * {@linkplain RestoredRequests left}, the {@link Graces} of resources that left, and the {@link EndingQueue}. What has ended,
 * and what is done then, the {@link Decisions} say. Used on the loop of the stream only, but for {@link #size()},
 * {@link #octets()}, {@link #refuse} and {@link #isRefusing}.
 */
public final class PendingRequests implements PoolListener {
    /** How many endings are handed out before the loop may do something else. */
    public static final int BATCH = EndingQueue.BATCH;

    private static final long RETRY_NANOS = Duration.ofSeconds(1).toNanos();

    /** Takes the endings that no stanza brings. */
    @FunctionalInterface
    public interface Endings {
        void end(PendingRequest pending, Ending ending);
    }

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final PendingStore store;
    private final PendingTable table;
    private final Deadlines deadlines;
    private final Graces graces;
    private final Decisions decisions;
    private final EndingQueue queue;
    private final WaitingRequests waiting = new WaitingRequests();
    private final BouncedRequests bounced = new BouncedRequests();
    private final RestoredRequests restored;
    private final Switches switches = new Switches();
    private Endings endings = (pending, ending) -> {};
    private BooleanSupplier congested = () -> false;

    public PendingRequests(StreamLoop loop, ResourcePool pool, PendingStore store, ProxySettings settings) {
        this.loop = loop;
        this.pool = pool;
        this.store = store;
        this.table = new PendingTable(loop, settings);
        this.deadlines = new Deadlines(loop, () -> congested.getAsBoolean(), this::deadlineOver);
        this.graces = new Graces(loop, settings.leaveGrace().toNanos(), this::graceOver);
        this.decisions = new Decisions(loop, new Attempts(pool, loop, settings), graces, settings);
        this.queue = new EndingQueue(loop, table, decisions, () -> congested.getAsBoolean(), this::endNow);
        this.restored = new RestoredRequests(loop, pool, table, waiting);
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

    /** What decides whether an attempt has ended, and what is done then. */
    public Decisions decisions() {
        return decisions;
    }

    /** How many requests are pending. Any thread. */
    public int size() {
        return table.size();
    }

    /** How much memory pending requests take, in octets. Any thread. */
    public long octets() {
        return table.octets();
    }

    /** Why this request is not taken in as a further one; null: it is. */
    @Nullable
    public StanzaError refusal(PendingRequest pending) {
        return table.refusal(pending);
    }

    /** Whether a reply under this key could be mistaken: it is open, or was lately closed without one. */
    public boolean isTaken(String key) {
        return table.isTaken(key);
    }

    public boolean isOpen(PendingRequest pending) {
        return table.isOpen(pending);
    }

    /** The request that is pending under this key, or null. */
    @Nullable
    public PendingRequest find(String key) {
        return table.find(key);
    }

    /** From now on no request is taken in any more. */
    public void drain() {
        switches.drain();
    }

    public boolean isDraining() {
        return switches.isDraining();
    }

    /** From now on new requests are refused, or taken again, on an operator's word. Any thread. */
    public void refuse(boolean refuse) {
        switches.refuse(refuse);
    }

    /** Any thread. */
    public boolean isRefusing() {
        return switches.isRefusing();
    }

    /** Ends what is still pending: the graceful stop has waited long enough. */
    public void stopAll() {
        queue.addAll(table.all(), Ending.STOPPED);
    }

    /** Keeps the request until the pool is confirmed; no reply can have its key. */
    public void await(PendingRequest pending) {
        String key = table.keyOfNobody();
        pending.await(key);
        store.put(pending);
        table.enter(key, pending);
        waiting.add(pending);
        deadlines.set(pending, pending.deadline);
    }

    /**
     * Counts a request that is away at the gate, until it is {@linkplain #release released} or has to end. It is recorded
     * nowhere: a next process could not know whether it may pass.
     */
    public void hold(PendingRequest pending) {
        String key = table.keyOfNobody();
        pending.hold(key);
        table.enter(key, pending);
        deadlines.set(pending, pending.deadline);
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

    /** A step of ours failed at the request: what is pending ends under its key, anything else under one of its own. */
    public void failed(PendingRequest pending) {
        if (!isOpen(pending)) {
            pending.failUnder(table.keyOfNobody());
        }
    }

    /** Marks the request as answered, once; false where it was already. Its record is settled right before that is written. */
    public boolean answer(PendingRequest pending) {
        store.answered(pending);
        return pending.answer();
    }

    /**
     * An attempt is pending under this key from now on, or its request came back and waits for the presence that explains it.
     *
     * @throws StanzaErrorException where it cannot be recorded
     */
    public void open(String key, PendingRequest pending) {
        if (pending.state() == RequestState.BOUNCED) {
            keepBounced(pending);
            return;
        }
        if (table.find(key) != pending) {
            try {
                store.put(pending);
            } catch (StanzaErrorException e) {
                // It goes to nobody, so its answer is no resource's.
                pending.abandon();
                throw e;
            }
            table.enter(key, pending);
        }
        deadlines.set(pending, pending.deadline);
        PooledResource resource = pending.resource();
        if (resource != null && !resource.isListed() && !graces.isRunning(resource)) {
            graces.begin(resource);
        }
    }

    /** A request came back, and waits for the presence that says whether its resource has left. */
    private void keepBounced(PendingRequest pending) {
        Bounce bounce = Objects.requireNonNull(pending.bounce());
        long octets = PendingSize.of(bounce.error());
        boolean room = table.hasRoom(octets);
        if (bounced.add(Objects.requireNonNull(pending.resource()), pending)) {
            table.grow(pending, octets);
        }
        // Where there is no room for what came back, it is not waited for.
        deadlines.set(pending, room ? decisions.explainedAt(pending, bounce) : loop.nanoTime());
    }

    /** The attempt under this key has ended; nothing happens where there is none. */
    public void close(String key) {
        PendingRequest pending = table.remove(key);
        if (pending == null) {
            return;
        }
        deadlines.remove(pending);
        waiting.remove(pending);
        PooledResource resource = pending.resource();
        if (resource != null) {
            if (pending.bounce() != null) {
                bounced.remove(resource, pending);
            }
            if (!resource.isBusy()) {
                graces.end(resource);
                pool.settled(resource);
            }
        }
    }

    /**
     * Takes in what an earlier process left. Nothing of it ends before {@link #startRestored}.
     *
     * @param closedKeys the keys of what is not taken up and may be replied to
     */
    public void restore(List<RestoredRequest> left, List<String> closedKeys, InstantSource clock, long replyTimeoutNanos) {
        closedKeys.forEach(table::forbid);
        restored.takeUp(left, clock, replyTimeoutNanos);
    }

    /** There is a stream for the answers, so what was restored and has expired may end. */
    public void startRestored() {
        restored.start(deadlines);
    }

    /** Takes in a request of an earlier process that is not to be sent, and ends it at once. */
    void end(PendingRequest pending, Ending ending) {
        String key = table.keyOfNobody();
        pending.await(key);
        table.enter(key, pending);
        endNow(pending, ending);
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

    private void graceOver(PooledResource resource) {
        for (PendingRequest pending = RequestsAt.of(resource).first(); pending != null; pending = pending.sentAfter) {
            Ending ending = decisions.onGraceOver(pending, resource);
            if (ending != null) {
                queue.add(pending, ending);
            }
        }
        queue.runSoon();
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

    private void deadlineOver(PendingRequest pending) {
        long now = loop.nanoTime();
        Ending ending = decisions.onDeadline(pending, now);
        if (ending == null) {
            deadlines.set(pending, decisions.nextLook(pending, now));
        } else {
            endNow(pending, ending);
        }
    }

    private void endNow(PendingRequest pending, Ending ending) {
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
