package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.Wish;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * Says whether there may be another attempt at a request, and at which resource: one that has not had it, else a new session
 * in the place of one that has ended with it. Used on the loop only.
 */
public final class Attempts implements Adjustable {
    private final ResourcePool pool;
    private final StreamLoop loop;
    private int attempts;
    private boolean queue;

    Attempts(ResourcePool pool, StreamLoop loop, ProxySettings settings) {
        this.pool = pool;
        this.loop = loop;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        attempts = now.attempts();
        queue = now.get(WorkerKeys.QUEUE_TIMEOUT).toNanos() > 0;
    }

    /**
     * Whether the request, whose present attempt is over, may go out again now, or when it is known who is there, or when somebody
     * has room for it.
     */
    boolean mayTryAgain(PendingRequest pending) {
        if (!isLeft(pending)) {
            return false;
        }
        if (!pool.isConfirmed() || pool.isInDoubt() || pool.awaits(pending) || queue) {
            return true;
        }
        return pool.hasChoice(pending.asTried(pending.triedElsewhere())) || isLearningFor(pool, pending);
    }

    /** Whether a resource for the next attempt might be found if it were known what it announces. */
    static boolean isLearningFor(ResourcePool pool, PendingRequest pending) {
        return pool.isLearningFor(pending.asTried(pending.triedElsewhere()));
    }

    /** The same of a request that is pending at its resource still, where the place that it has would be free for its next attempt. */
    boolean mayStartAgain(PendingRequest pending) {
        PooledResource resource = pending.resource();
        boolean own = resource != null
                && resource.load() == resource.capacity()
                && pool.suits(resource, pending.asTried(pending.triedElsewhere()));
        return own ? isLeft(pending) : mayTryAgain(pending);
    }

    /** Whether neither the attempts nor the time is used up. */
    private boolean isLeft(PendingRequest pending) {
        return pending.tried().size() < attempts && pending.deadline - loop.nanoTime() > 0;
    }

    /** Whether the resource might be that of the next attempt, whatever is pending there. */
    static boolean suits(ResourcePool pool, PooledResource resource, PendingRequest pending) {
        return pool.suits(resource, pending)
                || pending.mayGoAgain() && pool.suits(resource, pending.asTried(pending.triedElsewhere()));
    }

    /** Whether a session that has not had the request may get it now, beside those that have it or in place of one that refused it. */
    boolean hasOther(PendingRequest pending) {
        return isLeft(pending) && pool.isConfirmed() && pool.hasChoice(pending.asTried(pending.triedThere()));
    }

    /** The resource for the next attempt; null where there is none. */
    public static @Nullable PooledResource choose(ResourcePool pool, PendingRequest pending) {
        PooledResource chosen = pool.choose(pending);
        return chosen == null && pending.mayGoAgain() ? pool.choose(again(pending)) : chosen;
    }

    /** The next attempt goes to this resource, which {@link #choose} has found. */
    static void given(ResourcePool pool, PendingRequest pending, PooledResource chosen) {
        boolean again = pending.tried().contains(chosen.jid());
        pool.given(again ? again(pending) : pending, chosen);
    }

    /** The request for a session in the place of one that ended: while anybody has it, not in that of the present attempt. */
    private static Wish again(PendingRequest pending) {
        boolean isThere = pending.isOpen() || pending.hasOthers();
        return pending.asTried(isThere ? pending.triedThere() : pending.triedElsewhere());
    }
}
