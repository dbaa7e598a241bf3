package org.clientproxy.proxy.pending;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ClusterFigures;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps pending requests where the end of the process does not reach them: in files, or at other nodes. {@link PendingRequests}
 * remains the one place that knows what is pending here; a store is what a next process, or another node, learns it from. Ours
 * are {@link #MEMORY} and the journal; another one is handed to a proxy as an {@link Opening}.
 *
 * <p><b>Threads.</b> {@link #heldBy} and {@link #load} are called on the thread that starts the proxy, in this order and before all
 * else, and {@link #close} on the one that stops it, after the stream is closed. Everything between is called on the loop of the
 * stream, so it must not wait for anything: what is slow is begun in {@link #flush} at the latest, and the stanzas wait until the
 * store says that it is done.
 *
 * <p><b>Order.</b> For one request: {@link #idFor} and then {@link #put} for its first attempt, both again for each further one,
 * {@code put} alone each time that it waits for the pool, {@link #answered} once. A request that is refused, or is at the gate, is
 * put never, and may be answered all the same. {@link #flush} comes after what belongs together and before any stanza of it is
 * given to the socket.
 *
 * <p><b>Other nodes.</b> A store that shares requests with other processes gives each attempt an {@linkplain #idFor id} that no
 * other process gives, for two of them do not know each other's. It says through its {@link Holder} that what was another's is
 * this process's from now on, or that nothing here is any more.
 *
 * <p><b>The mark.</b> The store gives each request that it has put a {@link Recorded} of its own
 * ({@link PendingRequest#storedAs}), finds it there at the next call, and takes it away in {@code answered}. In
 * {@link RestoredRequest#record()} it gives the mark back that the next process puts on.
 */
public interface PendingStore {
    /** Opens the store of one proxy: a bean of this type by the name {@code NAME-pending-store} in the Camel context. */
    @FunctionalInterface
    interface Opening {
        /**
         * Called once, on the thread that starts the proxy.
         *
         * @param loop on which the store is used; its clock is that of {@link PendingRequest#deadline}
         * @param clock for deadlines, which are to mean the same in the next process
         * @throws IllegalArgumentException that says what keeps the proxy from starting, and what to do
         */
        PendingStore open(StreamLoop loop, InstantSource clock);
    }

    /** Opens stores of a kind that needs more than this program alone: found by {@link java.util.ServiceLoader}. */
    interface Provider {
        /** What {@code proxy.pending} calls the kind. */
        PendingKind kind();

        /**
         * Called once, on the thread that starts the proxy, before the stream starts.
         *
         * @param clock for deadlines, which are to mean the same in other processes
         * @throws IllegalArgumentException that says what keeps the proxy from starting, and what to do
         * @throws LinkageError where what it needs is not there
         */
        PendingStore open(ProxySettings settings, ComponentStream stream, InstantSource clock);
    }

    /** Decides of each request that an earlier process left whether it is pending again, or its requester is only told. */
    @FunctionalInterface
    interface Restoring {
        /** @throws IllegalArgumentException where the proxy must not start on it; says what to do */
        boolean takesUp(RestoredRequest stored);
    }

    /** What a store may do to what is pending, at any time after {@link #load}. On the loop. */
    interface Holder {
        /**
         * These were pending at another process, and are pending here from now on, each marked with its {@link
         * RestoredRequest#record()}. Limits do not hold them back, and what has expired ends as soon as there is a stream.
         */
        void takeUp(List<RestoredRequest> others);

        /**
         * Another process has these: each is neither answered nor put any more, and its mark is taken away without a call of {@link
         * #answered}.
         */
        void drop(Set<? extends Recorded> marks);

        /**
         * Others have everything that is pending here: it is neither answered nor put any more, its marks are taken away without a
         * call of {@link #answered}, and what was sent and not written is dropped together with the connection. No {@code then} of
         * an earlier {@link #flush} may be called after this.
         */
        void dropAll();

        /** Whether a reply is to an attempt that is pending here. */
        boolean isPending(Stanza reply);

        /**
         * Presences may have come to another process instead of this one: whoever is there is asked anew.
         *
         * @param always also where somebody is known to be there
         */
        default void askWhoIsThere(boolean always) {
            // Nobody else has a stream.
        }
    }

    /** A store's mark on a request, by which it finds it again; nobody else looks into it. */
    interface Recorded {}

    /** Keeps nothing: what is pending dies with the process. */
    PendingStore MEMORY = new PendingStore() {
        @Override
        public List<RestoredRequest> load(Restoring restoring) {
            return List.of();
        }

        @Override
        public void put(PendingRequest pending) {
            // It is in the memory already.
        }

        @Override
        public void answered(PendingRequest pending) {
            // It is in no file.
        }

        @Override
        public boolean flush(Runnable then) {
            return true;
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /** Gives who holds what is pending in this process. Called once, before {@link #load}; a store that shares nothing ignores it. */
    default void heldBy(Holder holder) {
        // It is held by this process as long as that lives.
    }

    /**
     * Reads what an earlier process left unsettled. Called once, before anything is put.
     *
     * @param restoring is to be asked about each, once, the latest first; what it does not take up is left over
     * @return what is taken up, the oldest first
     * @throws IllegalArgumentException that says what keeps the proxy from starting, and what to do
     */
    List<RestoredRequest> load(Restoring restoring);

    /** How many requests of an earlier process were not taken up and not given by {@link #nextLeftOver} yet. */
    default int leftOver() {
        return 0;
    }

    /**
     * Some of the requests of an earlier process that were not taken up, each once and {@linkplain
     * RestoredRequest#withoutContent without its content}, for their requesters to be told. None are given while any that were
     * {@linkplain #answered answered} are not flushed, so that no number of them fills the memory.
     */
    default List<RestoredRequest> nextLeftOver() {
        return List.of();
    }

    /**
     * The id under which the next attempt at a request goes out, which no other attempt has, here or elsewhere; null: the
     * requester's own, as far as a reply under it can be told from others in this process.
     */
    default @Nullable String idFor(PendingRequest pending) {
        return null;
    }

    /**
     * The id of a request that the proxy host sends in its own name, by which the reply finds its way to this process; null: any will
     * do, for all replies come here.
     */
    default @Nullable String ownId() {
        return null;
    }

    /**
     * The proxy is about to stop. Called once, not on the loop.
     *
     * @return whether others go on with what was pending here: then the store has closed the stream, and nothing is awaited or ended
     */
    default boolean handOver() {
        return false;
    }

    /** What a store that shares requests with other processes knows of them; null: it does not. Any thread. */
    default @Nullable ClusterFigures figures() {
        return null;
    }

    /** How many requests are pending at others, as far as is known, who share {@code proxy.max-pending} with this process. */
    default int pendingElsewhere() {
        return 0;
    }

    /**
     * Records the present attempt of a request, in place of an earlier one: {@link PendingRequest#key}, {@link
     * PendingRequest#tried}, whether it is {@linkplain PendingRequest#isReverse reverse}, else whether it waits ({@link
     * PendingRequest#resource} is null), {@link PendingRequest#others}, {@link PendingRequest#request} and its deadline. A
     * request that waits is not sent now, so no flush need follow: its record must be safe without.
     *
     * @throws StanzaErrorException with what the requester is to get, where it cannot be recorded
     */
    void put(PendingRequest pending);

    /**
     * The request has its answer, which is on its way to the stream. A second call for it does nothing, nor does one for a
     * request that was never put.
     */
    void answered(PendingRequest pending);

    /**
     * Makes what changed last: when it is done, what was put survives the process, and what was {@linkplain #answered answered} is not
     * given to the next one. It does not throw; a store that cannot do it refuses what is put next.
     *
     * @param then to be called where it is not done yet, as soon as it is: for each call that gave false once, on the loop, in the
     *     order of the calls, after this one has returned. Until then no stanza is written that was sent before this call
     * @return whether it is done, as is all that was flushed before
     */
    boolean flush(Runnable then);

    /**
     * Gives up what the store holds. What was answered but never flushed stays recorded, and what is put after this is refused. A
     * second call does nothing.
     */
    void close();
}
