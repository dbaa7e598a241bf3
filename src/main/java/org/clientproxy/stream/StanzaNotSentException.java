package org.clientproxy.stream;

/** A stanza was not taken for sending; nothing of it was written. It carries no stack trace. */
public final class StanzaNotSentException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it was not taken. */
    public enum Reason {
        /** The stream is not {@link StreamState#READY}. */
        NOT_READY,
        /** The server would end the stream for it: wrong or missing address, not well-formed. */
        INVALID,
        /** It has more octets than {@code maxStanzaSize}. */
        TOO_LARGE,
        /** Too much waits to be written already. */
        OUTBOX_FULL
    }

    private final Reason reason;

    public StanzaNotSentException(Reason reason, String message) {
        super(message, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
