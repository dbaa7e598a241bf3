package org.clientproxy.proxy.pending;

import java.util.List;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * Keeps pending requests where the end of the process does not reach them. {@link PendingRequests} remains the one place
 * that knows what is pending; this is what a next process learns it from. Used on the loop only, but for {@link #load}
 * before and {@link #close} after all else.
 */
public interface PendingStore {
    /** Decides of each request that an earlier process left whether it is pending again, or its requester is only told. */
    @FunctionalInterface
    interface Restoring {
        /** @throws IllegalArgumentException where the proxy must not start on it; says what to do */
        boolean takesUp(RestoredRequest stored);
    }

    /** Where a store keeps a request, in terms of its own; nobody else looks into it. */
    interface Recorded {}

    /** Keeps nothing: what is pending dies with the process. */
    PendingStore MEMORY = new PendingStore() {
        @Override
        public List<RestoredRequest> load(Restoring restoring) {
            return List.of();
        }

        @Override
        public int leftOver() {
            return 0;
        }

        @Override
        public List<RestoredRequest> nextLeftOver() {
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
        public void flush() {
            // Nothing is kept back.
        }

        @Override
        public void close() {
            // Nothing is open.
        }
    };

    /**
     * Reads what an earlier process left unsettled. To be called once, before anything is put.
     *
     * @param restoring is asked about each, the latest first
     * @return what is taken up, the oldest first
     * @throws IllegalArgumentException that says what keeps the proxy from starting, and what to do
     */
    List<RestoredRequest> load(Restoring restoring);

    /** How many requests of an earlier process were not taken up and not given by {@link #nextLeftOver} yet. */
    int leftOver();

    /**
     * Some of the requests of an earlier process that were not taken up, without their content, for their requesters to be
     * told. None are given while any that were {@linkplain #answered answered} are not given to the socket.
     */
    List<RestoredRequest> nextLeftOver();

    /**
     * Records the present attempt of a request, in place of an earlier one.
     *
     * @throws StanzaErrorException with what the requester is to get, where it cannot be recorded
     */
    void put(PendingRequest pending);

    /** The request has its answer, which is on its way to the stream. A second call for it does nothing. */
    void answered(PendingRequest pending);

    /**
     * Gives the operating system what changed: what was put survives the process from now on, and what was
     * {@linkplain #answered answered} is not given to the next one. To be called before stanzas are given to the socket.
     */
    void flush();

    /** Gives up the files. What was answered but never written stays recorded. */
    void close();
}
