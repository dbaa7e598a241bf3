package org.clientproxy.proxy.pool;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The resources that can be chosen at all, in no order: those that are {@linkplain ResourceState#PRESENT present} and that no
 * operator keeps from new requests. Adding and removing one costs the same however many there are. Used on the loop only.
 */
final class ChoosableResources {
    private final List<PooledResource> resources = new ArrayList<>();
    // Where each is in the list.
    private final Map<PooledResource, Integer> places = new HashMap<>();

    /** They themselves, not a copy; not to be changed. */
    List<PooledResource> list() {
        return resources;
    }

    int size() {
        return resources.size();
    }

    boolean contains(PooledResource resource) {
        return places.containsKey(resource);
    }

    /** False where it is one of them already. */
    boolean add(PooledResource resource) {
        if (places.putIfAbsent(resource, resources.size()) != null) {
            return false;
        }
        resources.add(resource);
        return true;
    }

    /** The last one takes its place. False where it was none of them. */
    boolean remove(PooledResource resource) {
        Integer place = places.remove(resource);
        if (place == null) {
            return false;
        }
        PooledResource last = resources.remove(resources.size() - 1);
        if (!last.equals(resource)) {
            resources.set(place, last);
            places.put(last, place);
        }
        return true;
    }

    void clear() {
        resources.clear();
        places.clear();
    }
}
