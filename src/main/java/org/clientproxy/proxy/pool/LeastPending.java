package org.clientproxy.proxy.pool;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@code least-pending}: the one with the fewest pending requests; of equal ones, each with the same probability. */
final class LeastPending implements Choice {
    private final RandomGenerator random;

    LeastPending(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public @Nullable PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible) {
        PooledResource least = null;
        int ties = 0;
        for (PooledResource resource : resources) {
            if (!eligible.allows(resource, wish)) {
                continue;
            }
            if (least == null || resource.load() < least.load()) {
                least = resource;
                ties = 1;
            } else if (resource.load() == least.load() && random.nextInt(++ties) == 0) {
                // Each of the equal ones is kept with the same probability.
                least = resource;
            }
        }
        return least;
    }
}
