package org.clientproxy.proxy.settings;

import java.util.Locale;

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
    /** The same one for the same requester, as long as it stays (rendezvous hashing). */
    STICKY;

    /** The value as it is written in a configuration. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
