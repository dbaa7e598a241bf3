package org.clientproxy.stream;

/** The life of a component stream (XEP-0114 §3), and which step may follow which. */
public enum StreamState {
    /** No connection; one may be due after a backoff. */
    DISCONNECTED,
    /** A TCP connection is being made. */
    CONNECTING,
    /** Our stream header is sent, the server's is awaited. */
    OPENING,
    /** Our digest is sent, the server's {@code <handshake/>} is awaited. */
    HANDSHAKING,
    /** Stanzas flow. */
    READY,
    /** The stream is being closed, on purpose or for an error. */
    CLOSING;

    /** Whether the next state may be that one. */
    public boolean mayBecome(StreamState next) {
        return switch (this) {
            case DISCONNECTED -> next == CONNECTING;
            case CONNECTING -> next == OPENING || next == DISCONNECTED;
            case OPENING -> next == HANDSHAKING || next == CLOSING || next == DISCONNECTED;
            case HANDSHAKING -> next == READY || next == CLOSING || next == DISCONNECTED;
            case READY -> next == CLOSING || next == DISCONNECTED;
            case CLOSING -> next == DISCONNECTED;
        };
    }
}
