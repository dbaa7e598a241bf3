package org.clientproxy.proxy.pool;

/** What has become of our subscription to the target's presence since the stream is ready, and which step may follow which. */
enum SubscriptionState {
    /** Nothing is asked: there is no stream, or the proxy is stopping. */
    DOWN,
    /** {@code subscribe} is sent, and it is not known whether the target accepts: it is sent again at growing delays. */
    ASKING,
    /** The target has accepted: we see who is there, and may probe. */
    ACCEPTED,
    /** Accepted, and {@code subscribe} is sent anew, as from time to time: each server tells something in answer to that. */
    RENEWING,
    /** The target has denied it, or its server has answered with an error: it is asked again at the slow pace. */
    DENIED;

    /** Whether the next state may be that one. */
    boolean mayBecome(SubscriptionState next) {
        return switch (this) {
            case DOWN -> next == ASKING;
            case ASKING -> next == ACCEPTED || next == DENIED || next == DOWN;
            case ACCEPTED -> next == RENEWING || next == DENIED || next == DOWN;
            case RENEWING -> next == ACCEPTED || next == DENIED || next == DOWN;
            case DENIED -> next == ASKING || next == DOWN;
        };
    }

    /** Whether the target lets us see who is there, as far as we know. */
    boolean isAccepted() {
        return this == ACCEPTED || this == RENEWING;
    }

    /** Whether an answer to a {@code subscribe} is awaited. */
    boolean isAwaited() {
        return this == ASKING || this == RENEWING;
    }
}
