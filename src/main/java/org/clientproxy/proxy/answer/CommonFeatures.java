package org.clientproxy.proxy.answer;

import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.clientproxy.proxy.pool.AnnouncedFeatures;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.jspecify.annotations.Nullable;

/**
 * What whoever writes to the proxy host may expect of the resources: what all announce who may be chosen, since any of them may get
 * the request; or what one of them announces, where requests go to those that announce what they are about. A resource of
 * which it is not known yet what it announces counts for neither. Used on the loop only.
 */
final class CommonFeatures {
    private final ResourcePool pool;
    private final boolean oneIsEnough;
    // What was computed last, and of what.
    private Set<Set<String>> of = Set.of();
    private SortedSet<String> common = Collections.emptySortedSet();

    /** @param oneIsEnough whether requests go to those that announce what they are about */
    CommonFeatures(ResourcePool pool, boolean oneIsEnough) {
        this.pool = pool;
        this.oneIsEnough = oneIsEnough;
    }

    /** Computed anew only where other resources are there, or announce something else, than at the last time. */
    SortedSet<String> now() {
        // Resources with one hash have the same set, so that comparing addresses is enough, and cheap.
        Set<Set<String>> announced = Collections.newSetFromMap(new IdentityHashMap<>());
        for (PooledResource resource : pool.choosable()) {
            AnnouncedFeatures features = resource.features();
            if (!features.isUnknown()) {
                announced.add(features.namespaces());
            }
        }
        if (!announced.equals(of)) {
            common = common(announced);
            of = announced;
        }
        return common;
    }

    private SortedSet<String> common(Set<Set<String>> announced) {
        @Nullable Set<String> all = null;
        for (Set<String> one : announced) {
            if (all == null) {
                all = new HashSet<>(one);
            } else if (oneIsEnough) {
                all.addAll(one);
            } else {
                all.retainAll(one);
            }
        }
        SortedSet<String> sorted = new TreeSet<>();
        if (all != null) {
            sorted.addAll(all);
        }
        return sorted;
    }
}
