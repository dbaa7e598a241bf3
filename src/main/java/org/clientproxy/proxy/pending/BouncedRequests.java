package org.clientproxy.proxy.pending;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.clientproxy.proxy.pool.PooledResource;

/** The requests that came back from each resource, which end when it leaves. Used on the loop only. */
final class BouncedRequests {
    private final Map<PooledResource, Set<PendingRequest>> at = new HashMap<>();

    /** Keeps it; false where it is kept already. */
    boolean add(PooledResource resource, PendingRequest pending) {
        return at.computeIfAbsent(resource, none -> new LinkedHashSet<>()).add(pending);
    }

    /** Nothing happens where it is not among them. */
    void remove(PooledResource resource, PendingRequest pending) {
        Set<PendingRequest> all = at.get(resource);
        if (all != null && all.remove(pending) && all.isEmpty()) {
            at.remove(resource);
        }
    }

    /** Takes out all that came back from this resource. */
    Set<PendingRequest> take(PooledResource resource) {
        Set<PendingRequest> all = at.remove(resource);
        return all == null ? Set.of() : all;
    }
}
