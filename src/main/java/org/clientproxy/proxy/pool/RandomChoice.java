package org.clientproxy.proxy.pool;

import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** {@code random}: each eligible resource with the same probability. */
final class RandomChoice implements Choice {
    private static final int DRAWS = 16;

    private final RandomGenerator random;

    RandomChoice(RandomGenerator random) {
        this.random = random;
    }

    @Override
    public @Nullable PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible) {
        // Few are not eligible, so one that is is found soon, however many there are.
        for (int i = 0; i < DRAWS; i++) {
            PooledResource drawn = resources.get(random.nextInt(resources.size()));
            if (eligible.allows(drawn, wish)) {
                return drawn;
            }
        }
        List<PooledResource> left = resources.stream()
                .filter(resource -> eligible.allows(resource, wish))
                .toList();
        return left.isEmpty() ? null : left.get(random.nextInt(left.size()));
    }
}
