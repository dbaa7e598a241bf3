package org.clientproxy.proxy.pool;

import java.util.List;

/** A resource matches the patterns that a route has set for the request, if it has. */
final class NamedByTheRoute implements Condition {
    @Override
    public boolean concerns(Wish wish, List<PooledResource> resources) {
        return wish.choiceRules().among() != null;
    }

    @Override
    public boolean allows(PooledResource resource, Wish wish) {
        ResourcePatterns among = wish.choiceRules().among();
        return among == null || among.match(resource.jid());
    }
}
