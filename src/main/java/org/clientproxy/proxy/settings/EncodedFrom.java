package org.clientproxy.proxy.settings;

/** The form of the resourcepart that stands for a requester: the values of {@code proxy.encoded-from}. */
public enum EncodedFrom {
    /** A token, which authenticates and passes through every server. */
    TOKEN,
    /** The requester's address itself, as with mod_client_proxy; a token where that cannot be. */
    PLAIN
}
