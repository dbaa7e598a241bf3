package org.clientproxy.xmpp;

/** Thrown by a route or a step to refuse a request with this error. It carries no stack trace: it is an answer. */
public final class StanzaErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StanzaError error;

    public StanzaErrorException(StanzaError error) {
        super(error.condition().xmlName() + (error.text() == null ? "" : ": " + error.text()), null, false, false);
        this.error = error;
    }

    /** What the requester is answered. */
    public StanzaError error() {
        return error;
    }
}
