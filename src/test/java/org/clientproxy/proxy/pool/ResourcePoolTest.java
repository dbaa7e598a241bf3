package org.clientproxy.proxy.pool;
import org.clientproxy.proxy.settings.SelectionPolicy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResourcePoolTest {
    private static final Jid ALICE = Jid.parse("alice@some.example/home");

    private static Jid resource(int number) {
        return Jid.parse("worker@some.example/r" + number);
    }

    private static ResourcePool pool(SelectionPolicy policy, int size) {
        ResourcePool pool = new ResourcePool(policy, new Random(1));
        for (int i = 0; i < size; i++) {
            pool.put(new TargetPresence("", resource(i), null, 0, null), 0);
        }
        return pool;
    }

    @Test
    void randomIsUniform() {
        ResourcePool pool = pool(SelectionPolicy.RANDOM, 10);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            counts.merge(pool.choose(new AskedBy(ALICE, List.of())).toString(), 1, Integer::sum);
        }
        double chiSquare = counts.values().stream()
                .mapToDouble(count -> (count - 10_000.0) * (count - 10_000.0) / 10_000)
                .sum();
        // 9 degrees of freedom: above 33.7 with a probability of 0.0001, and the seed is fixed.
        assertThat(counts).hasSize(10);
        assertThat(chiSquare).isLessThan(33.7);
    }

    @Test
    void roundRobinTakesEachInTurn() {
        ResourcePool pool = pool(SelectionPolicy.ROUND_ROBIN, 4);
        List<PooledResource> turn = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            turn.add(pool.choose(new AskedBy(ALICE, List.of())));
        }
        assertThat(turn).doesNotHaveDuplicates();
        for (int i = 0; i < 8; i++) {
            assertThat(pool.choose(new AskedBy(ALICE, List.of()))).isSameAs(turn.get(i % 4));
        }
    }

    @Test
    void leastPendingTakesTheIdlest() {
        ResourcePool pool = pool(SelectionPolicy.LEAST_PENDING, 5);
        Map<PooledResource, Integer> counts = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            PooledResource chosen = pool.choose(new AskedBy(ALICE, List.of()));
            int load = chosen.load() + 1;
            chosen.setWork(() -> load);
            counts.merge(chosen, 1, Integer::sum);
        }
        assertThat(counts.values()).containsOnly(10);
    }

    @Test
    void leastPendingRemembersWhatIsPendingAtWhoeverReturns() {
        ResourcePool pool = pool(SelectionPolicy.LEAST_PENDING, 2);
        PooledResource busy = pool.choose(new AskedBy(ALICE, List.of()));
        busy.setWork(() -> 1);
        pool.remove(busy);
        assertThat(busy.isListed()).isFalse();
        pool.put(new TargetPresence("", busy.jid(), null, 0, null), 0);
        for (int i = 0; i < 20; i++) {
            assertThat(pool.choose(new AskedBy(ALICE, List.of()))).isNotEqualTo(busy);
        }
        assertThat(pool.find(busy.jid())).isSameAs(busy);
        pool.remove(busy);
        busy.setWork(() -> 0);
        pool.settled(busy);
        pool.put(new TargetPresence("", busy.jid(), null, 0, null), 0);
        assertThat(pool.find(busy.jid())).isNotSameAs(busy);
    }

    @Test
    void stickyStaysUntilItsResourceLeaves() {
        ResourcePool pool = pool(SelectionPolicy.STICKY, 20);
        Map<Jid, PooledResource> chosen = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            Jid requester = Jid.parse("user" + i + "@some.example/x");
            chosen.put(requester, pool.choose(new AskedBy(requester, List.of())));
        }
        assertThat(chosen.values().stream().distinct().count()).isGreaterThan(15);
        PooledResource leaving = pool.find(resource(7));
        pool.remove(leaving);
        chosen.forEach((requester, before) -> {
            if (!before.equals(leaving)) {
                assertThat(pool.choose(new AskedBy(requester, List.of()))).isSameAs(before);
            }
        });
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void choosesOnlyWhoIsThereAndWasNotTried(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, 0);
        Random random = new Random(2);
        List<Jid> there = new ArrayList<>();
        for (int i = 0; i < 2000; i++) {
            Jid resource = resource(random.nextInt(30));
            PooledResource pooled = pool.find(resource);
            if (random.nextBoolean()) {
                boolean added = pool.put(new TargetPresence("", resource, "away", -3, null), i);
                assertThat(added).isEqualTo(there.add(resource) && pooled == null);
                if (pooled != null) {
                    there.remove(there.size() - 1);
                }
            } else if (pooled != null) {
                pool.remove(pooled);
                there.remove(resource);
            }
            assertThat(pool.size()).isEqualTo(there.size());
            List<Jid> tried = there.isEmpty() ? List.of() : List.of(there.get(0));
            PooledResource chosen = pool.choose(new AskedBy(ALICE, tried));
            assertThat(pool.hasChoice(new AskedBy(ALICE, tried))).isEqualTo(chosen != null);
            if (there.size() < 2) {
                assertThat(chosen).isNull();
            } else {
                assertThat(there).contains(chosen.jid());
                assertThat(tried).doesNotContain(chosen.jid());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(SelectionPolicy.class)
    void neverChoosesTheSessionThatAsks(SelectionPolicy policy) {
        ResourcePool pool = pool(policy, 2);
        for (int i = 0; i < 50; i++) {
            assertThat(pool.choose(new AskedBy(resource(0), List.of())).jid()).isEqualTo(resource(1));
        }
    }

    @Test
    void choosesNobodyWhoIsNotConfirmed() {
        ResourcePool pool = pool(SelectionPolicy.RANDOM, 3);
        pool.unconfirm();
        assertThat(pool.choose(new AskedBy(ALICE, List.of()))).isNull();
        pool.put(new TargetPresence("", resource(1), null, 0, null), 0);
        assertThat(pool.choose(new AskedBy(ALICE, List.of())).jid()).isEqualTo(resource(1));
        assertThat(pool.all()).hasSize(3);
    }
}
