package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Who may be chosen for a request. */
class EligibilityTest {
    private static final Jid ALICE = Jid.parse("alice@some.example/home");
    private static final Jid A = Jid.parse("worker@some.example/a");
    private static final Jid B = Jid.parse("worker@some.example/b");
    private static final List<PooledResource> POOL = List.of(
            new PooledResource(A), new PooledResource(B), new PooledResource(Jid.parse("worker@some.example/c")));

    private static List<String> eligible(Wish wish) {
        Eligibility eligibility = Eligibility.of(wish, POOL);
        return POOL.stream()
                .filter(resource -> eligibility.allows(resource, wish))
                .map(resource -> resource.jid().resource())
                .toList();
    }

    @Test
    void whoeverIsThereMayBeAskedByAnybodyElse() {
        assertThat(eligible(new AskedBy(ALICE, List.of()))).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @CsvSource({
        "worker@some.example/a, true",
        "Worker@SOME.example/a, true",
        "worker@some.example/A, false",
        "worker@some.example, false",
        "other@some.example/a, false",
    })
    void theRequesterIsNotAskedItself(String requester, boolean isA) {
        assertThat(eligible(new AskedBy(Jid.parse(requester), List.of())).contains("a"))
                .isNotEqualTo(isA);
    }

    @Test
    void whoeverHasHadTheRequestIsNotAskedAgain() {
        assertThat(eligible(new AskedBy(ALICE, List.of(B)))).containsExactly("a", "c");
        assertThat(eligible(new AskedBy(A, List.of(B)))).containsExactly("c");
        assertThat(eligible(new AskedBy(A, List.of(B)).asTried(List.of()))).containsExactly("b", "c");
    }

    @Test
    void aConditionThatAllMeetIsNotTested() {
        Wish first = new AskedBy(ALICE, List.of());
        assertThat(new NotTheRequester().concerns(first, POOL)).isFalse();
        assertThat(new NotTriedBefore().concerns(first, POOL)).isFalse();
        assertThat(new NotTheRequester().concerns(new AskedBy(A, List.of()), POOL))
                .isTrue();
        assertThat(new NotTriedBefore().concerns(new AskedBy(ALICE, List.of(A)), POOL))
                .isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"RANDOM", "ROUND_ROBIN"})
    void choosingMakesNoObjects(SelectionPolicy policy) {
        ResourcePool pool = new ResourcePool(policy, new Random(1));
        POOL.forEach(resource -> pool.put(new TargetPresence("", resource.jid(), null, 0, null), 0));
        Wish wish = new AskedBy(ALICE, List.of());
        pool.choose(wish);
        int choices = 100_000;
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < choices; i++) {
            pool.choose(wish);
        }
        // The smallest object has 16 octets.
        assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(choices);
    }
}
