package org.clientproxy.proxy;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.DeadlineRing;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/** Looks into a proxy for what must not be left when nothing is pending. */
final class ModelLeaks {
    private ModelLeaks() {}

    /** The folded addresses of the resources that can be chosen. */
    static List<String> pool(PendingRequests pendingRequests) {
        ResourcePool pool = (ResourcePool) field(pendingRequests, "pool");
        return pool.all().stream()
                .filter(resource -> resource.isConfirmed() && !resource.isSuspect())
                .map(PooledResource::key)
                .toList();
    }

    static void check(PendingRequests pendingRequests) {
        for (String map : List.of("open", "graces", "bounced")) {
            assertThat((Map<?, ?>) field(pendingRequests, map)).as(map).isEmpty();
        }
        Object shares = field(pendingRequests, "shares");
        for (String map : List.of("accounts", "domains")) {
            assertThat((Map<?, ?>) field(shares, map)).as(map).isEmpty();
        }
        assertThat((int) field(shares, "held")).as("requests counted").isZero();
        assertThat(pendingRequests.octets()).as("octets counted").isZero();
        assertThat((Collection<?>) field(pendingRequests, "due")).as("due").isEmpty();
        assertThat(((DeadlineRing<?>) field(pendingRequests, "deadlines")).isEmpty())
                .as("no deadline left")
                .isTrue();
        ResourcePool pool = (ResourcePool) field(pendingRequests, "pool");
        assertThat((Map<?, ?>) field(field(pool, "resources"), "departed")).as("departed").isEmpty();
        for (PooledResource resource : pool.all()) {
            assertThat(resource.load()).as("pending at %s", resource).isZero();
            assertThat(resource.load()).as("load of %s", resource).isZero();
        }
    }

    private static Object field(Object of, String name) {
        try {
            Field field = of.getClass().getDeclaredField(name);
            field.setAccessible(true);
            return field.get(of);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
