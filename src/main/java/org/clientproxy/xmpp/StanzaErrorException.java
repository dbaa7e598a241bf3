package org.clientproxy.xmpp;

import org.jspecify.annotations.Nullable;

/** Thrown by a route or a step to refuse a request with this error. It carries no stack trace: it is an answer. */
public final class StanzaErrorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient StanzaError error;

    public StanzaErrorException(StanzaError error) {
        super(error.condition().xmlName() + (error.text() == null ? "" : ": " + error.text()), null, false, false);
        this.error = error;
    }

    /** The refusal that a failure is, or was caused by, for Camel wraps what its converters throw; null where it is none. */
    public static @Nullable StanzaErrorException in(@Nullable Throwable failure) {
        Throwable each = failure;
        for (int depth = 0; each != null && depth < 20; depth++) {
            if (each instanceof StanzaErrorException refusal) {
                return refusal;
            }
            each = each.getCause();
        }
        return null;
    }

    /** What the requester is answered. */
    public StanzaError error() {
        return error;
    }
}
