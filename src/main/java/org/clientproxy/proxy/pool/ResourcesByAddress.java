package org.clientproxy.proxy.pool;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;

/**
 * The resources by their addresses: those in the pool, and those that have left with requests pending at them. Used on the loop
 * only, but for {@link #sorted()}.
 */
final class ResourcesByAddress {
    // Changed on the loop only, and listed on any thread.
    private final Map<String, PooledResource> byKey = new ConcurrentHashMap<>();
    // What returns is the same, with what it has still to do.
    private final Map<String, PooledResource> departed = new HashMap<>();

    /** The one in the pool of this address. */
    @Nullable
    PooledResource find(Jid jid) {
        return byKey.get(jid.key());
    }

    /** Those in the pool, not a copy. */
    Collection<PooledResource> all() {
        return byKey.values();
    }

    /** Those in the pool, a copy. */
    List<PooledResource> copy() {
        return new ArrayList<>(byKey.values());
    }

    /** Those in the pool, in the order of their addresses. Any thread. */
    List<PooledResource> sorted() {
        return byKey.values().stream()
                .sorted(Comparator.comparing(PooledResource::key))
                .toList();
    }

    /** The one of this address, which was not in the pool, is from now on; no operator has said a word about it yet. */
    PooledResource enter(Jid jid) {
        PooledResource resource = departed.remove(jid.key());
        if (resource == null) {
            resource = new PooledResource(jid);
        }
        resource.setRetired(false);
        byKey.put(resource.key(), resource);
        return resource;
    }

    /** It is not in the pool any more. */
    void leave(PooledResource resource) {
        if (byKey.remove(resource.key()) != null && resource.isBusy()) {
            departed.put(resource.key(), resource);
        }
    }

    /** Nothing is pending at it any more: if it has left, it is forgotten. */
    void settled(PooledResource resource) {
        if (!resource.isListed()) {
            departed.remove(resource.key());
        }
    }
}
