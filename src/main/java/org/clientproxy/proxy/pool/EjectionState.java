package org.clientproxy.proxy.pool;

/**
 * Whether a resource is out of the choice for its time-outs. It is beside its {@link ResourceState}, for whoever is out may be
 * suspect too, or not seen since the stream broke. {@code docs/protocol.md} has the same table.
 */
enum EjectionState {
    /** It is not out. */
    IN,
    /** It is out, for a time. */
    OUT,
    /** It is out, the time is over, and it has a ping to answer. */
    PINGED;

    /** Whether the next state may be that one. */
    boolean mayBecome(EjectionState next) {
        return switch (this) {
            case IN -> next == OUT;
            case OUT -> next == PINGED || next == IN;
            case PINGED -> next == OUT || next == IN;
        };
    }
}
