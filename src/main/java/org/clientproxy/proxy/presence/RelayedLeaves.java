package org.clientproxy.proxy.presence;

import java.time.Duration;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;

/** Hears of the pool what the pending requests hear, and tells who leaves to those who had its presence. On the loop. */
public record RelayedLeaves(PoolListener first, RelayedPresence relayed, ResourcePool pool, StreamLoop loop)
        implements PoolListener {
    /** When it is known whether another session has come in the place of one that left. */
    private static final Duration IN_DOUBT = Duration.ofSeconds(3);

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        first.resourceLeft(resource, settle);
        if (!settle) {
            gone(resource.jid());
            return;
        }
        // What is said to be of the next session under that address is nobody's if there is none.
        loop.schedule(
                () -> {
                    if (pool.find(resource.jid()) == null) {
                        gone(resource.jid());
                    }
                },
                IN_DOUBT.toNanos());
    }

    private void gone(Jid resource) {
        relayed.resourceLeft(resource, loop.nanoTime() + 1);
    }

    @Override
    public void sessionEnded(Jid session, long before) {
        first.sessionEnded(session, before);
        relayed.resourceLeft(session, before);
    }

    @Override
    public void poolConfirmed() {
        first.poolConfirmed();
    }

    @Override
    public void lookAgain() {
        first.lookAgain();
    }
}
