package org.clientproxy.proxy.pool;

import java.util.List;

/** A resource announces the feature that the request must have. */
final class AnnouncesTheFeature implements Condition {
    @Override
    public boolean concerns(Wish wish, List<PooledResource> resources) {
        return wish.choiceRules().isFeatureRequired();
    }

    @Override
    public boolean allows(PooledResource resource, Wish wish) {
        WantedFeature feature = wish.choiceRules().feature();
        return feature == null || resource.features().include(feature.namespace());
    }
}
