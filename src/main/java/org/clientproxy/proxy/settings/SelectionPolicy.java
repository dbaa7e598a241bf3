package org.clientproxy.proxy.settings;

/**
 * The names of the policies by which a resource is chosen from the pool: the values of {@code proxy.selection}. Each is a class
 * in {@code proxy.pool}.
 */
public enum SelectionPolicy {
    /** Uniformly at random. */
    RANDOM,
    /** One after the other. */
    ROUND_ROBIN,
    /** The one with the fewest pending requests. */
    LEAST_PENDING,
    /**
     * The same one for the same conversation, as long as it stays: the one that holds it, else by rendezvous hashing. A
     * conversation is an account and the address of the proxy host that it used.
     */
    STICKY
}
