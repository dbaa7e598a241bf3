package org.clientproxy.proxy.pending;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.IntSupplier;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are pending, by the keys of their open attempts: each request is counted in its requester's share, and
 * each attempt at its resource. It also remembers which keys were closed without a reply. Used on the loop only, but for {@link #size()} and
 * {@link #octets()}.
 */
final class PendingTable implements Adjustable {
    /** Of the memory for pending requests, one part in about so many is for keys that were closed without a reply. */
    private static final int OCTETS_PER_CLOSED_KEY = 256;

    private final StreamLoop loop;
    private final ResourcePool pool;
    private final Jid host;
    private final PendingShares shares;
    private final ReverseShares reverse;
    private final ClosedKeys closed;
    private final Map<String, PendingRequest> open = new HashMap<>();
    private long keys;
    private int requests;
    private volatile int size;

    /** @param elsewhere how many requests are pending at other processes that share the limit of all */
    PendingTable(StreamLoop loop, ResourcePool pool, ProxySettings settings, IntSupplier elsewhere) {
        this.loop = loop;
        this.pool = pool;
        this.host = settings.domain();
        this.shares = new PendingShares(settings, elsewhere);
        this.reverse = new ReverseShares(settings, shares);
        this.closed =
                new ClosedKeys(closedKeys(settings), settings.replyTimeout().toNanos());
    }

    private static int closedKeys(ProxySettings settings) {
        long room = Math.max(1, settings.maxPendingSize() / OCTETS_PER_CLOSED_KEY);
        return (int) Math.min(settings.maxPending(), room);
    }

    @Override
    public void adjust(ProxySettings now) {
        shares.adjust(now);
        reverse.adjust(now);
        closed.adjust(closedKeys(now), now.replyTimeout().toNanos());
    }

    /** How many there are. Any thread. */
    int size() {
        return size;
    }

    /** How much memory they take, in octets. Any thread. */
    long octets() {
        return shares.octets();
    }

    Collection<PendingRequest> all() {
        return open.values();
    }

    /** Those that sessions of the target have begun. */
    ReverseShares reverse() {
        return reverse;
    }

    /** Why a further request is not taken in; null: it is. */
    @Nullable
    StanzaError refusal(PendingRequest pending) {
        return pending instanceof ReverseRequest other
                ? reverse.refusal(other)
                : shares.refusal(pending.account(), pending.size());
    }

    /** A key that no reply spells, for a request that is at no resource. */
    String keyOfNobody() {
        return CorrelationKey.ofNobody(keys++);
    }

    /** Whether a reply under this key could be mistaken: it is open, or was lately closed without one. */
    boolean isTaken(String key) {
        return open.containsKey(key) || closed.contains(key, loop.nanoTime());
    }

    @Nullable
    PendingRequest find(String key) {
        return open.get(key);
    }

    /** The request will wait for long, here or elsewhere: from now on it takes as little memory as it can. */
    void compact(PendingRequest pending) {
        pending.compact(host);
    }

    boolean isOpen(PendingRequest pending) {
        return pending.key() != null && open.get(pending.key()) == pending;
    }

    /** It is pending under this key, that of its present attempt, from now on. */
    void enter(String key, PendingRequest pending) {
        open.put(key, pending);
        pending.setOpen(true);
        if (pending.share == null) {
            compact(pending);
            pending.counted = pending.size() + PendingSize.ofAttempt(key, pending.tried());
            if (pending instanceof ReverseRequest other) {
                reverse.take(other);
            } else {
                pending.countIn(shares.take(pending.account(), pending.counted));
            }
            size = ++requests;
        } else {
            grow(pending, PendingSize.ofFurther(key));
        }
        PooledResource resource = pending.resource();
        if (resource != null) {
            RequestsAt.of(resource).add(pending);
            pool.loadChanged(resource);
            resource.counters().requested();
        }
    }

    /** The same under the key of an attempt beside its present one. */
    void enter(OtherAttempt attempt) {
        open.put(attempt.key(), attempt.request());
        grow(attempt.request(), PendingSize.ofFurther(attempt.key()));
        pool.loadChanged(attempt.resource());
    }

    /** What is pending under this key, that of its present attempt, is so no more; null where nothing is. */
    @Nullable
    PendingRequest remove(String key) {
        PendingRequest pending = open.remove(key);
        if (pending == null) {
            return null;
        }
        pending.setOpen(false);
        giveBack(pending);
        PooledResource resource = pending.resource();
        if (resource != null) {
            RequestsAt.of(resource).remove(pending);
            pool.loadChanged(resource);
        }
        if ((resource != null || pending.state() == RequestState.SENT) && !pending.isReplied()) {
            forbid(key);
        }
        return pending;
    }

    /** This attempt is open no more, though a reply may come to it. */
    void remove(OtherAttempt attempt) {
        open.remove(attempt.key());
        attempt.request().drop(attempt);
        pool.loadChanged(attempt.resource());
        giveBack(attempt.request());
        forbid(attempt.key());
    }

    /** Counts the request no more, where it is pending under no key. */
    private void giveBack(PendingRequest pending) {
        if (pending instanceof ReverseRequest other) {
            reverse.giveBack(other);
            pending.counted = 0;
            size = --requests;
        } else if (pending.share != null && !pending.isOpen() && !pending.hasOthers()) {
            shares.giveBack(pending.share, pending.counted);
            pending.share = null;
            pending.counted = 0;
            size = --requests;
        }
    }

    /** A reply may come under this key after all: no request gets it for a while. */
    void forbid(String key) {
        closed.add(key, loop.nanoTime());
    }

    boolean hasRoom(long octets) {
        return shares.hasRoom(octets);
    }

    /** A request that is pending takes so much more memory. */
    void grow(PendingRequest pending, long octets) {
        if (pending.share != null) {
            pending.counted += octets;
            shares.grow(pending.share, octets);
        }
    }
}
