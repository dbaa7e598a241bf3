package org.clientproxy.proxy.pool;

import java.util.List;
import java.util.random.RandomGenerator;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.jspecify.annotations.Nullable;

/**
 * How one is chosen of those who may be. Another policy is another class of this kind; its name goes into
 * {@link SelectionPolicy}, and then this file does not compile until it has its line in {@link #of}. Asked on the loop only,
 * for each request, so that it makes no objects.
 */
interface Choice {
    /** The policy of that name, which has chosen nobody yet. */
    static Choice of(SelectionPolicy policy, RandomGenerator random) {
        return switch (policy) {
            case RANDOM -> new RandomChoice(random);
            case ROUND_ROBIN -> new RoundRobin();
            case LEAST_PENDING -> new LeastPending(random);
            case STICKY -> new Sticky();
        };
    }

    /**
     * One of them for this request; null where none is eligible.
     *
     * @param resources those that can be chosen at all, in no order; not empty
     */
    @Nullable
    PooledResource choose(List<PooledResource> resources, Wish wish, Eligibility eligible);
}
