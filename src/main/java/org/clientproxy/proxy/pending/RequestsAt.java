package org.clientproxy.proxy.pending;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.proxy.pool.PooledResource;
import org.jspecify.annotations.Nullable;

/**
 * The requests that are pending at one resource, in the order in which they were sent. The requests are the links, so that
 * each is taken out at no cost. Those that have been sent to another one since are kept beside them. Used on the loop only.
 */
final class RequestsAt implements PooledResource.Work {
    private @Nullable PendingRequest first;
    private @Nullable PendingRequest last;
    private int count;
    // The attempts here whose request has been sent to another resource since; mostly there are none.
    private Set<OtherAttempt> others = Set.of();

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

    void add(OtherAttempt attempt) {
        if (others.isEmpty()) {
            others = new LinkedHashSet<>();
        }
        others.add(attempt);
    }

    /** To be called for what was added, once. */
    void remove(OtherAttempt attempt) {
        others.remove(attempt);
    }

    /** The attempts whose request has been sent to another resource since; a copy. */
    List<OtherAttempt> others() {
        return new ArrayList<>(others);
    }

    /** The request that has been pending for the longest; {@link PendingRequest#sentAfter} leads to the next. */
    @Nullable
    PendingRequest first() {
        return first;
    }

    @Override
    public int count() {
        return count + others.size();
    }
}
