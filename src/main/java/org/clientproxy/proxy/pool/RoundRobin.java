package org.clientproxy.proxy.pool;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code round-robin}: one after the other. */
final class RoundRobin implements Choice {
    private int next;

    @Override
    public @Nullable PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible) {
        for (int i = 0; i < resources.size(); i++) {
            next = next >= resources.size() ? 0 : next;
            PooledResource resource = resources.get(next++);
            if (eligible.allows(resource, wish)) {
                return resource;
            }
        }
        return null;
    }
}
