package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * Says whether there may be another attempt at a request, and at which resource: one that has not had it, else a new session
 * in the place of one that has ended with it. Used on the loop only.
 */
public final class Attempts {
    private final ResourcePool pool;
    private final StreamLoop loop;
    private final int attempts;

    Attempts(ResourcePool pool, StreamLoop loop, ProxySettings settings) {
        this.pool = pool;
        this.loop = loop;
        this.attempts = settings.attempts();
    }

    /** Whether the request, whose present attempt is over, may go out again now or when it is known who is there. */
    boolean mayTryAgain(PendingRequest pending) {
        if (pending.tried().size() >= attempts || pending.deadline - loop.nanoTime() <= 0) {
            return false;
        }
        if (!pool.isConfirmed() || pool.isInDoubt()) {
            return true;
        }
        return pool.hasChoice(pending.asTried(pending.triedElsewhere()));
    }

    /** Whether a resource that has not had the request may get it now, beside those that have it or in place of one that refused it. */
    boolean hasOther(PendingRequest pending) {
        return pending.tried().size() < attempts
                && pending.deadline - loop.nanoTime() > 0
                && pool.isConfirmed()
                && pool.hasChoice(pending);
    }

    /** The resource for the next attempt; null where there is none. */
    public static @Nullable PooledResource choose(ResourcePool pool, PendingRequest pending) {
        PooledResource chosen = pool.choose(pending);
        return chosen == null && pending.isAtFormerSession()
                ? pool.choose(pending.asTried(pending.triedElsewhere()))
                : chosen;
    }
}
