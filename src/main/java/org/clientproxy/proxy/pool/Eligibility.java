package org.clientproxy.proxy.pool;

import java.util.List;

/**
 * Who may be chosen for a request: of the resources that can be chosen at all ({@link ChoosableResources}), those that meet
 * each condition that concerns the request. Immutable.
 */
final class Eligibility {
    private static final Condition[] CONDITIONS = {
        new NotTheRequester(), new NotTriedBefore(), new NamedByTheRoute(), new AnnouncesTheFeature()
    };

    // One for each set of conditions, made beforehand, so that none is made for a request.
    private static final Eligibility[] BY_SET = new Eligibility[1 << CONDITIONS.length];

    static {
        for (int set = 0; set < BY_SET.length; set++) {
            BY_SET[set] = new Eligibility(set);
        }
    }

    private final Condition[] conditions;

    private Eligibility(int set) {
        conditions = new Condition[Integer.bitCount(set)];
        int count = 0;
        for (int i = 0; i < CONDITIONS.length; i++) {
            if ((set & 1 << i) != 0) {
                conditions[count++] = CONDITIONS[i];
            }
        }
    }

    /** @param resources those that can be chosen at all; not empty */
    static Eligibility of(Wish wish, List<PooledResource> resources) {
        int set = 0;
        for (int i = 0; i < CONDITIONS.length; i++) {
            if (CONDITIONS[i].concerns(wish, resources)) {
                set |= 1 << i;
            }
        }
        return BY_SET[set];
    }

    /** Whether this resource may be chosen for the request that this was made of. */
    boolean allows(PooledResource resource, Wish wish) {
        for (Condition condition : conditions) {
            if (!condition.allows(resource, wish)) {
                return false;
            }
        }
        return true;
    }
}
