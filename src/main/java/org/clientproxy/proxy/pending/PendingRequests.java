package org.clientproxy.proxy.pending;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourceHealth;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.AttemptCounters;
import org.clientproxy.proxy.stats.QueueCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * The pending requests: what the steps of the routes open, close and answer. It holds nothing itself: the {@link PendingTable}
 * has the requests, the {@link PendingWatch} ends those that nobody replies to, the {@link Decisions} say what has ended and what
 * is done then, the {@link PendingStore} keeps them for the next process, and the {@link Switches} say whether there may be new
 * ones. Used on the loop of the stream only, but where a method says "any thread".
 */
public final class PendingRequests implements PoolListener, Adjustable {
    /** How many endings are handed out before the loop may do something else. */
    public static final int BATCH = EndingQueue.BATCH;

    /** Takes the endings that no stanza brings. */
    @FunctionalInterface
    public interface Endings {
        void end(PendingRequest pending, Ending ending);
    }

    private final PendingStore store;
    private final PendingTable table;
    private final PendingWatch watch;
    private final RestoredRequests restored;
    private final WaitingRequests waiting;
    private final QueueCounters queueCounters = new QueueCounters();
    private final ResourcePool pool;
    private final StreamLoop loop;
    private final Switches switches = new Switches();
    private Runnable abandoned = () -> {};

    public PendingRequests(StreamLoop loop, ResourcePool pool, PendingStore store, ProxySettings settings) {
        this.store = store;
        this.loop = loop;
        this.pool = pool;
        this.waiting = new WaitingRequests(settings.target());
        this.table = new PendingTable(loop, pool, settings, store::pendingElsewhere);
        this.watch = new PendingWatch(loop, pool, table, waiting, queueCounters, settings);
        this.restored = new RestoredRequests(loop, pool, table, watch);
    }

    @Override
    public void adjust(ProxySettings now) {
        table.adjust(now);
        watch.decisions().adjust(now);
    }

    /** Says where the endings go. To be called once, before the first request. */
    public void endingsTo(Endings sink) {
        watch.endingsTo(sink);
    }

    /**
     * While this says so, what is to end stays pending, where its memory is counted: the stream has too much to write already.
     * To be called once, before the first request.
     */
    public void holdEndingsWhile(BooleanSupplier isCongested) {
        watch.holdWhile(isCongested);
    }

    /** Who hears of each request that was closed without an answer, for the session that asked has ended. */
    public void abandonedTo(Runnable hears) {
        abandoned = hears;
    }

    /** Says who hears how resources do with what is pending at them. To be called once, before the first request. */
    public void tell(ResourceHealth hears) {
        watch.decisions().tell(hears);
    }

    /** What became of attempts that did not simply end with their resource's reply. Any thread. */
    public AttemptCounters attempts() {
        return watch.attempts();
    }

    /** What decides whether an attempt has ended, and what is done then. */
    public Decisions decisions() {
        return watch.decisions();
    }

    /** How many requests are pending. Any thread. */
    public int size() {
        return table.size();
    }

    /** How many of them sessions of the target have begun. Any thread. */
    public int reverseSize() {
        return table.reverse().size();
    }

    /** How much memory pending requests take, in octets. Any thread. */
    public long octets() {
        return table.octets();
    }

    /** How many of them wait for a resource. Any thread. */
    public int queued() {
        return waiting.size();
    }

    /** What became of those that found no resource at once. */
    public QueueCounters queueCounters() {
        return queueCounters;
    }

    /** Why this request is not taken in as a further one; null: it is. */
    @Nullable
    public StanzaError refusal(PendingRequest pending) {
        return table.refusal(pending);
    }

    /** The id under which the next attempt goes out where the store says so; null: it is the requester's, or a random one. */
    public @Nullable String idFor(PendingRequest pending) {
        return store.idFor(pending);
    }

    /** Whether a reply under this key could be mistaken: it is open, or was lately closed without one. */
    public boolean isTaken(String key) {
        return table.isTaken(key);
    }

    /** The request will wait for long, here or elsewhere: from now on it takes as little memory as it can. */
    public void compact(PendingRequest pending) {
        table.compact(pending);
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

    /** From now on new requests are refused on an operator's word. Any thread. */
    public void pause() {
        switches.pause(true);
    }

    /** New requests are taken again. Any thread. */
    public void resume() {
        switches.pause(false);
    }

    /** Any thread. */
    public boolean isPaused() {
        return switches.isPaused();
    }

    /** Ends what is still pending: the graceful stop has waited long enough. */
    public void stopAll() {
        watch.stopAll();
    }

    /** The resource that the request goes to now; null: nobody suits it who has room, or others wait for that place. */
    public @Nullable PooledResource choose(PendingRequest pending) {
        PooledResource chosen = pool.isConfirmed() ? Attempts.choose(pool, pending) : null;
        if (chosen == null || watch.isForOthers(chosen, pending)) {
            return null;
        }
        Attempts.given(pool, pending, chosen);
        return chosen;
    }

    /** Whether a request that found no resource may wait for one, or wait on. */
    public boolean mayWait(PendingRequest pending) {
        return watch.waitingRules().mayWait(pending);
    }

    /** Whether a resource for it might be found if it were known what somebody announces. */
    public boolean isLearningFor(PendingRequest pending) {
        return Attempts.isLearningFor(pool, pending);
    }

    /** Why it is refused where it may not. To be called once for each, for it is counted. */
    public StanzaError noResource(PendingRequest pending) {
        return watch.waitingRules().refusal(pending);
    }

    /** Keeps the request until there is a resource for it; no reply can have its key. */
    public void await(PendingRequest pending) {
        String key = table.keyOfNobody();
        pending.await(key);
        store.put(pending);
        table.enter(key, pending);
        watch.awaitPool(pending);
        watch.awaitTurn(pending);
    }

    /** The same, but the request looks again at that time at the latest, in nanoseconds of the loop's clock. */
    public void awaitUntil(PendingRequest pending, long time) {
        await(pending);
        watch.lookAgainAt(pending, time);
    }

    /**
     * Counts a request that is away at the gate, until it is {@linkplain #release released} or has to end. It is recorded
     * nowhere: a next process could not know whether it may pass.
     */
    public void hold(PendingRequest pending) {
        String key = table.keyOfNobody();
        pending.hold(key);
        table.enter(key, pending);
        watch.awaitDeadline(pending);
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

    /**
     * Marks the request as answered, once; false where it was already. Its record is settled right before that is written.
     * Whoever has the request still is not waited for any more.
     */
    public boolean answer(PendingRequest pending) {
        store.answered(pending);
        endWait(pending);
        boolean first = pending.answer();
        for (OtherAttempt other : pending.others()) {
            table.remove(other);
            watch.forget(other);
        }
        return first;
    }

    /**
     * No further attempt is made at the request, which waits on for the resources that have it; false where it is at none.
     */
    public boolean goOn(PendingRequest pending) {
        if (!pending.isOpen()) {
            if (!pending.hasOthers()) {
                return false;
            }
            pending.fallBack();
            if (pending.isAtFormerSession()) {
                // Whoever has taken the place of that session meanwhile may get it, now that no other has it.
                watch.lookAgainAt(pending, loop.nanoTime());
                return true;
            }
        }
        watch.awaitFurther(pending);
        return true;
    }

    /** A step of ours failed at a further attempt, which ends, so that the request {@linkplain #goOn goes on}; false where it cannot. */
    public boolean goOnWithout(PendingRequest pending) {
        if (pending.state() != RequestState.SENT || !pending.hasOthers()) {
            return false;
        }
        if (pending.isOpen()) {
            close(Objects.requireNonNull(pending.key()));
        }
        return goOn(pending);
    }

    private void endWait(PendingRequest pending) {
        if (pending.waits()) {
            queueCounters.waited(loop.nanoTime() - pending.waitsSince());
            pending.waitsNoMore();
        }
    }

    /**
     * An attempt is pending under this key from now on, or its request came back and waits for the presence that explains it.
     *
     * @throws StanzaErrorException where it cannot be recorded
     */
    public void open(String key, PendingRequest pending) {
        if (pending.state() == RequestState.BOUNCED) {
            watch.awaitPresence(pending);
            return;
        }
        if (!pending.isOpen()) {
            try {
                store.put(pending);
            } catch (StanzaErrorException e) {
                if (!pending.hasOthers()) {
                    // It goes to nobody, so its answer is no resource's.
                    pending.abandon();
                }
                throw e;
            }
            table.enter(key, pending);
            endWait(pending);
        }
        watch.awaitReply(pending);
    }

    /** The attempt under this key has ended; nothing happens where there is none. */
    public void close(String key) {
        PendingRequest pending = table.remove(key);
        if (pending != null) {
            watch.forget(pending);
        }
    }

    /**
     * Takes in what another process left, an earlier one or another node, at any time. Nothing of it ends before the next {@link
     * #startRestored}.
     *
     * @param closedKeys the keys of what is not taken up and may be replied to
     */
    public void restore(
            List<RestoredRequest> left, List<String> closedKeys, InstantSource clock, long replyTimeoutNanos) {
        closedKeys.forEach(table::forbid);
        restored.takeUp(left, clock, replyTimeoutNanos);
    }

    /** There is a stream for the answers, so what was restored and has expired may end. */
    public void startRestored() {
        restored.start();
    }

    /** Gives up all that is pending, for others have it: it is answered no more, and the store hears nothing of it. */
    public void dropAll() {
        drop(pending -> true);
    }

    /** The same of what has one of these marks. */
    public void drop(Set<? extends PendingStore.Recorded> marks) {
        drop(pending -> pending.stored() != null && marks.contains(pending.stored()));
    }

    private void drop(Predicate<PendingRequest> which) {
        // A request may be there under several keys.
        for (PendingRequest pending : Set.copyOf(table.all())) {
            if (which.test(pending)) {
                pending.storedAs(null);
                if (pending.isOpen()) {
                    close(Objects.requireNonNull(pending.key()));
                }
                answer(pending);
            }
        }
    }

    /** Takes in a request of an earlier process that is not to be sent, and ends it at once. */
    void end(PendingRequest pending, Ending ending) {
        String key = table.keyOfNobody();
        pending.await(key);
        table.enter(key, pending);
        watch.end(pending, ending);
    }

    /**
     * What the session has asked is closed without an answer, at once: whoever takes its name next may count ids from 1 again, and
     * would take the answer for its own.
     */
    @Override
    public void sessionEnded(Jid session, long before) {
        List<ReverseRequest> asked = table.reverse().begunBy(session, before);
        for (ReverseRequest pending : asked) {
            close(Objects.requireNonNull(pending.key()));
            answer(pending);
            abandoned.run();
        }
        if (!asked.isEmpty()) {
            // No stanza follows that would bring it about.
            store.flush(() -> {});
        }
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        watch.resourceLeft(resource, settle);
    }

    @Override
    public void poolConfirmed() {
        watch.poolConfirmed();
    }

    @Override
    public void lookAgain() {
        watch.lookAgain();
    }
}
