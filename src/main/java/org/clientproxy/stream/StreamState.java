package org.clientproxy.stream;

/** The life of a component stream (XEP-0114 §3). */
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
    /** The stream is being closed on purpose or for an error. */
    CLOSING
}
