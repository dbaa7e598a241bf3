package org.clientproxy.proxy.pool;

/**
 * What is known of a resource: whether it is in the pool, and whether it is there. That an operator keeps it from new requests
 * is no state here: that may be so in each of them but the first ({@link PooledResource#isRetired()}).
 */
enum ResourceState {
    /** Not in the pool: it has left, or has not been there. */
    ABSENT,
    /** In the pool, and not seen since the stream broke or an earlier process knew it: it is not chosen. */
    UNCONFIRMED,
    /** In the pool, and known to be there by its presence: only such a one is chosen. */
    PRESENT,
    /** In the pool, and being asked whether it is there, for a request came back as if it were not: it is not chosen. */
    SUSPECT;

    /** Whether the next state may be that one. */
    boolean mayBecome(ResourceState next) {
        return switch (this) {
            case ABSENT -> next == UNCONFIRMED || next == PRESENT;
            case UNCONFIRMED -> next == PRESENT || next == ABSENT;
            case PRESENT -> next == SUSPECT || next == UNCONFIRMED || next == ABSENT;
            case SUSPECT -> next == PRESENT || next == UNCONFIRMED || next == ABSENT;
        };
    }
}
