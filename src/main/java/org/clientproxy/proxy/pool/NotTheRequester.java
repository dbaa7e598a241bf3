package org.clientproxy.proxy.pool;

import java.util.List;

/** A session of the target that asks is not asked what it asks. Nearly all requesters are no sessions of the target. */
final class NotTheRequester implements Condition {
    @Override
    public boolean concerns(Wish wish, List<PooledResource> resources) {
        // All are sessions of one account.
        return resources.get(0).jid().sameBare(wish.requester());
    }

    @Override
    public boolean allows(PooledResource resource, Wish wish) {
        return !resource.jid().equals(wish.requester());
    }
}
