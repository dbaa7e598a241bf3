package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourceHealth;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/** Looks into a proxy for what must not be left when nothing is pending. */
final class ModelLeaks {
    private ModelLeaks() {}

    /** The folded addresses of the resources that can be chosen. */
    static List<String> pool(PendingRequests pendingRequests) {
        ResourcePool pool = (ResourcePool) field(field(pendingRequests, "watch"), "pool");
        return pool.all().stream()
                .filter(PooledResource::isChoosable)
                .map(PooledResource::key)
                .toList();
    }

    /** Whether this very request, by its payload, is pending. */
    static boolean isPending(PendingRequests pendingRequests, Stanza request) {
        Map<?, ?> open = (Map<?, ?>) field(field(pendingRequests, "table"), "open");
        return open.values().stream()
                .anyMatch(pending ->
                        Arrays.equals(((PendingRequest) pending).request().content(), request.content()));
    }

    /** From now on this hears of each resource that has not replied in time, before the proxy does. */
    static void hearBlame(PendingRequests pendingRequests, Consumer<PooledResource> hears) {
        ResourceHealth health = (ResourceHealth) field(pendingRequests.decisions(), "health");
        pendingRequests.tell(new ResourceHealth() {
            @Override
            public void timedOut(PooledResource resource) {
                hears.accept(resource);
                health.timedOut(resource);
            }

            @Override
            public void replied(PooledResource resource, @Nullable Condition condition) {
                health.replied(resource, condition);
            }
        });
    }

    static void check(PendingRequests pendingRequests) {
        Object table = field(pendingRequests, "table");
        Object watch = field(pendingRequests, "watch");
        assertThat((Map<?, ?>) field(table, "open")).as("open").isEmpty();
        assertThat((Map<?, ?>) field(field(watch, "graces"), "running"))
                .as("graces")
                .isEmpty();
        assertThat((Map<?, ?>) field(field(watch, "bounced"), "at"))
                .as("bounced")
                .isEmpty();
        for (String map : List.of("accounts", "lines")) {
            assertThat((Map<?, ?>) field(field(watch, "waiting"), map))
                    .as("waiting, by %s", map)
                    .isEmpty();
        }
        assertThat(pendingRequests.queued()).as("waiting").isZero();
        Object shares = field(table, "shares");
        for (String map : List.of("accounts", "domains")) {
            assertThat((Map<?, ?>) field(shares, map)).as(map).isEmpty();
        }
        Object reverse = field(table, "reverse");
        for (String map : List.of("bySession", "toAccount")) {
            assertThat((Map<?, ?>) field(reverse, map)).as(map).isEmpty();
        }
        assertThat((long) field(reverse, "octets"))
                .as("octets of sessions counted")
                .isZero();
        assertThat((int) field(shares, "held")).as("requests counted").isZero();
        assertThat(pendingRequests.octets()).as("octets counted").isZero();
        assertThat((Collection<?>) field(field(watch, "queue"), "due"))
                .as("due")
                .isEmpty();
        assertThat((int) field(field(field(watch, "deadlines"), "ring"), "size"))
                .as("deadlines left")
                .isZero();
        ResourcePool pool = (ResourcePool) field(field(pendingRequests, "watch"), "pool");
        assertThat((Map<?, ?>) field(field(pool, "resources"), "departed"))
                .as("departed")
                .isEmpty();
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
