package org.clientproxy.proxy.pending;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * How far a request has come, and where it may go from there. {@code docs/protocol.md} has the same table, and a test
 * compares the two. A state says what happened last; whether the request is pending is what {@link PendingRequests} knows.
 */
enum RequestState {
    /** It was taken in, and is at nobody yet. */
    ADMITTED,
    /** It is away at the operator's gate, or ended while it was. */
    HELD,
    /** It waits until it is known who is there, or what those announce, or until somebody who is has room for it. */
    WAITING,
    /** It goes, or went, to the resource of its present attempt. */
    SENT,
    /** It came back from there, which the presence is to explain. */
    BOUNCED,
    /** The resource has replied, so no further reply is to be expected. */
    REPLIED,
    /** The resource has replied that it cannot take it, or sent it back, so another one may get it. */
    BUSY,
    /** A step of ours failed at it while it was pending nowhere, so an error of ours is to be its answer. */
    FAILED,
    /** Its answer is on its way to the stream. */
    ANSWERED,
    /** The stream did not take the answer, so a smaller one may follow, once. */
    TURNED_BACK,
    /** Its second and last answer is on its way to the stream. */
    ANSWERED_AGAIN;

    private static final Map<RequestState, Set<RequestState>> MOVES = new EnumMap<>(RequestState.class);

    static {
        MOVES.put(ADMITTED, EnumSet.of(HELD, WAITING, SENT, FAILED, ANSWERED));
        MOVES.put(HELD, EnumSet.of(ADMITTED, FAILED, ANSWERED));
        MOVES.put(WAITING, EnumSet.of(WAITING, SENT, FAILED, ANSWERED));
        MOVES.put(SENT, EnumSet.of(WAITING, SENT, BOUNCED, REPLIED, BUSY, FAILED, ANSWERED));
        MOVES.put(BOUNCED, EnumSet.of(WAITING, SENT, FAILED, ANSWERED));
        MOVES.put(REPLIED, EnumSet.of(FAILED, ANSWERED));
        MOVES.put(BUSY, EnumSet.of(WAITING, SENT, FAILED, ANSWERED));
        MOVES.put(FAILED, EnumSet.of(FAILED, ANSWERED));
        MOVES.put(ANSWERED, EnumSet.of(TURNED_BACK));
        MOVES.put(TURNED_BACK, EnumSet.of(ANSWERED_AGAIN));
        MOVES.put(ANSWERED_AGAIN, EnumSet.noneOf(RequestState.class));
    }

    /** Whether a request that has come so far may come there next. */
    boolean mayBecome(RequestState next) {
        return moves().contains(next);
    }

    private Set<RequestState> moves() {
        return MOVES.getOrDefault(this, Set.of());
    }

    /** Whether it has an answer that the stream has not turned back. */
    boolean isAnswered() {
        return this == ANSWERED || this == ANSWERED_AGAIN;
    }
}
