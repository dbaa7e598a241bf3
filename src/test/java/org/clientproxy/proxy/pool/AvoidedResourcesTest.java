package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Resources with a {@code show} of {@code proxy.avoid-show} come last, whatever the policy is. */
class AvoidedResourcesTest {
    private static final Jid ALICE = Jid.parse("alice@some.example/home");

    private final List<Integer> sizes = new ArrayList<>();

    private ResourcePool pool(SelectionPolicy policy, String... avoidShow) {
        ResourcePool pool = new ResourcePool(policy, List.of(avoidShow), new Random(1));
        pool.watchedBy((before, now, confirmed) -> sizes.add(now));
        return pool;
    }

    private static Jid jid(String resource) {
        return Jid.parse("worker@some.example/" + resource);
    }

    private static void shows(ResourcePool pool, String resource, @Nullable String show) {
        pool.put(new TargetPresence("", jid(resource), show, 0, null), 0);
    }

    /** The resourceparts of those who get requests of many requesters that these have had already. */
    private static Set<String> chosen(ResourcePool pool, Jid... tried) {
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Wish wish = new AskedBy(Jid.parse("user" + i + "@some.example/x"), List.of(tried));
            PooledResource resource = pool.choose(wish);
            assertThat(pool.hasChoice(wish)).isEqualTo(resource != null);
            chosen.add(resource == null ? "nobody" : resource.jid().resource());
        }
        return chosen;
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void whoIsAvoidedComesLast(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, "dnd", "xa");
        shows(pool, "a", null);
        shows(pool, "b", "dnd");
        shows(pool, "c", "away");
        shows(pool, "d", "xa");
        assertThat(chosen(pool)).containsExactlyInAnyOrder("a", "c");
        assertThat(chosen(pool, jid("a"))).containsExactly("c");
        assertThat(chosen(pool, jid("a"), jid("c"))).containsExactlyInAnyOrder("b", "d");
        assertThat(chosen(pool, jid("a"), jid("b"), jid("c"))).containsExactly("d");
        assertThat(chosen(pool, jid("a"), jid("b"), jid("c"), jid("d"))).containsExactly("nobody");
        assertThat(sizes).containsExactly(1, 2, 3, 4);
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void whereAllAreAvoidedAllServe(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, "dnd");
        shows(pool, "a", "dnd");
        assertThat(chosen(pool)).containsExactly("a");
        shows(pool, "b", "dnd");
        assertThat(chosen(pool)).containsExactlyInAnyOrder("a", "b");
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void aChangeOfShowMovesItAndIsNoChangeOfThePool(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, "dnd");
        shows(pool, "a", null);
        shows(pool, "b", null);
        sizes.clear();
        shows(pool, "a", "dnd");
        assertThat(chosen(pool)).containsExactly("b");
        shows(pool, "b", "dnd");
        shows(pool, "a", null);
        assertThat(chosen(pool)).containsExactly("a");
        assertThat(sizes).isEmpty();
        pool.retire(pool.find(jid("a")));
        assertThat(chosen(pool)).containsExactly("b");
        pool.remove(pool.find(jid("b")));
        assertThat(chosen(pool)).containsExactly("nobody");
        assertThat(sizes).containsExactly(1, 0);
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void anEmptyListAvoidsNobody(SelectionPolicy policy) {
        ResourcePool pool = pool(policy);
        shows(pool, "a", null);
        shows(pool, "b", "dnd");
        assertThat(chosen(pool)).containsExactlyInAnyOrder("a", "b");
        assertThat(pool.find(jid("b")).isAvoided()).isFalse();
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void theRequesterItselfIsNotAskedEvenIfTheOthersAreAvoided(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, "dnd");
        shows(pool, "a", null);
        shows(pool, "b", "dnd");
        assertThat(pool.choose(new AskedBy(jid("a"), List.of())).jid()).isEqualTo(jid("b"));
        assertThat(pool.choose(new AskedBy(ALICE, List.of())).jid()).isEqualTo(jid("a"));
    }
}
