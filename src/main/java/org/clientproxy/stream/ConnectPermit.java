package org.clientproxy.stream;

/** Says when a stream may connect: where several processes have one between them, not all of them at once. On the loop only. */
@FunctionalInterface
public interface ConnectPermit {
    /** A stream that need not ask. */
    ConnectPermit ALWAYS = Runnable::run;

    /**
     * Asked when a connection is due, each time.
     *
     * @param granted to be called on the loop once it may be made; where it is asked again before, only the later one counts
     */
    void ask(Runnable granted);

    /** Whether it is not granted because another process has the connection, as it should. Any thread. */
    default boolean isOthersTurn() {
        return false;
    }
}
