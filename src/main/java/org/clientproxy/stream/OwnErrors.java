package org.clientproxy.stream;

/**
 * The errors that this program makes, in whichever room, have conditions of one namespace beside the defined ones
 * (RFC 6120 §8.3.4). The stream is the lowest room that makes errors; {@code docs/protocol.md} lists them all.
 */
public final class OwnErrors {
    /** The namespace of the application-specific conditions. */
    public static final String NAMESPACE = "urn:clientproxy:errors:0";

    private OwnErrors() {}
}
