package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * An attempt at a request that is open beside its present one: its resource was slow, and may be the first to reply all the
 * same.
 *
 * @param session of the resource, when it was asked
 * @param key the correlation key
 * @param sentAt in nanoseconds of the loop's clock
 * @param late whether its time-out has passed
 */
public record OtherAttempt(
        PendingRequest request, PooledResource resource, int session, String key, long sentAt, boolean late) {
    /** The address of its resource. */
    public Jid address() {
        return resource.jid();
    }

    /** Each is one of its own, whatever it says. */
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return key.hashCode();
    }
}
