package org.clientproxy.proxy;

/** A session of the target in the pool, as the reference model sees it. Times are on the clock, in nanoseconds. */
final class ModelResource {
    /** Whether it is asked only where nobody else is there, for what its presence shows. */
    boolean avoided;

    /** Whether an operator wants no new requests for it. */
    boolean retired;

    /** Whether its presence has come since the stream is ready. */
    boolean confirmed;

    boolean suspect;

    /** Whether its last presence answered a probe of ours that asked for it. */
    boolean answer;

    /** When its last presence came. */
    long since;

    /** When it was last suspected; 0: never. */
    long suspectedAt;

    /** When it leaves unless its presence comes; 0: it does not. */
    long judgedAt;

    /** What its last presence says. */
    ModelPresence says = ModelPresence.PLAIN;
}
