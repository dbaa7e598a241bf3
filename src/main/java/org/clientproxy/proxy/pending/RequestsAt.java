package org.clientproxy.proxy.pending;

import org.clientproxy.proxy.pool.PooledResource;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are pending at one resource, in the order in which they were sent. The requests are the links, so that
 * each is taken out at no cost. Used on the loop only.
 */
final class RequestsAt implements PooledResource.Work {
    private @Nullable PendingRequest first;
    private @Nullable PendingRequest last;
    private int count;

    /** Those at this resource. */
    static RequestsAt of(PooledResource resource) {
        if (resource.work() instanceof RequestsAt requests) {
            return requests;
        }
        RequestsAt none = new RequestsAt();
        resource.setWork(none);
        return none;
    }

    void add(PendingRequest request) {
        request.sentBefore = last;
        if (last == null) {
            first = request;
        } else {
            last.sentAfter = request;
        }
        last = request;
        count++;
    }

    /** To be called for what was added, once. */
    void remove(PendingRequest request) {
        PendingRequest before = request.sentBefore;
        PendingRequest after = request.sentAfter;
        if (before == null) {
            first = after;
        } else {
            before.sentAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.sentBefore = before;
        }
        request.sentBefore = null;
        request.sentAfter = null;
        count--;
    }

    /** The request that has been pending for the longest; {@link PendingRequest#sentAfter} leads to the next. */
    @Nullable
    PendingRequest first() {
        return first;
    }

    @Override
    public int count() {
        return count;
    }
}
