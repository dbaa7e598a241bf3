package org.clientproxy.proxy;

import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.pending.RestoredRequest;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;

/** What a store that shares requests with other processes does to those of this one. On the loop. */
final class StoreHolder implements PendingStore.Holder, Adjustable {
    private final PendingRequests pendingRequests;
    private final ComponentStream stream;
    private final InstantSource clock;
    private final ResourcePool pool;
    private final TargetWatch subscription;
    private long replyTimeoutNanos;

    StoreHolder(ProxyParts parts, InstantSource clock) {
        this.pendingRequests = parts.pendingRequests;
        this.stream = parts.stream;
        this.clock = clock;
        this.pool = parts.pool;
        this.subscription = parts.subscription;
        adjust(parts.settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        replyTimeoutNanos = now.replyTimeout().toNanos();
    }

    @Override
    public void takeUp(List<RestoredRequest> others) {
        pendingRequests.restore(others, List.of(), clock, replyTimeoutNanos);
        if (stream.state() == StreamState.READY) {
            pendingRequests.startRestored();
        }
    }

    @Override
    public void drop(Set<? extends PendingStore.Recorded> marks) {
        pendingRequests.drop(marks);
    }

    @Override
    public void askWhoIsThere(boolean always) {
        if (stream.state() == StreamState.READY && (always || pool.size() == 0)) {
            subscription.askAgain();
        }
    }

    @Override
    public void dropAll() {
        pendingRequests.dropAll();
        stream.abandon();
    }

    @Override
    public boolean isPending(Stanza reply) {
        return reply.id() != null
                && pendingRequests.find(CorrelationKey.of(
                                reply.fromJid().key(), reply.toJid().key(), reply.id()))
                        != null;
    }
}
