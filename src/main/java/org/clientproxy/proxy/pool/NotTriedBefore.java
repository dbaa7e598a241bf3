package org.clientproxy.proxy.pool;

import java.util.List;

/** A resource has a request once. */
final class NotTriedBefore implements Condition {
    @Override
    public boolean concerns(Wish wish, List<PooledResource> resources) {
        return !wish.tried().isEmpty();
    }

    @Override
    public boolean allows(PooledResource resource, Wish wish) {
        return !wish.tried().contains(resource.jid());
    }
}
