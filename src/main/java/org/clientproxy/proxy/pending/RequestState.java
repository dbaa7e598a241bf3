package org.clientproxy.proxy.pending;

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

    /** Whether a request that has come so far may come there next. */
    boolean mayBecome(RequestState next) {
        return switch (this) {
            case ADMITTED -> next == HELD || next == WAITING || next == SENT || next.isEnd();
            case HELD -> next == ADMITTED || next.isEnd();
            case WAITING -> next == WAITING || next == SENT || next.isEnd();
            case SENT ->
                next == WAITING || next == SENT || next == BOUNCED || next == REPLIED || next == BUSY || next.isEnd();
            case BOUNCED, BUSY -> next == WAITING || next == SENT || next.isEnd();
            case REPLIED, FAILED -> next.isEnd();
            case ANSWERED -> next == TURNED_BACK;
            case TURNED_BACK -> next == ANSWERED_AGAIN;
            case ANSWERED_AGAIN -> false;
        };
    }

    /** Whether any request that has no answer yet may come there. */
    private boolean isEnd() {
        return this == FAILED || this == ANSWERED;
    }

    /** Whether it has an answer that the stream has not turned back. */
    boolean isAnswered() {
        return this == ANSWERED || this == ANSWERED_AGAIN;
    }
}
