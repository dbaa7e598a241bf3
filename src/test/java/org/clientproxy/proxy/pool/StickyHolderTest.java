package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.xmpp.Jid;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a sticky choice finds: the holder of the conversation, else the one of its hash; who is avoided comes last. */
class StickyHolderTest {
    private static final Jid PROXY_HOST = Jid.parse("proxy.example");
    private static final Jid ALICE = Jid.parse("alice@some.example/home");

    private final ResourcePool pool = new ResourcePool(SelectionPolicy.STICKY, List.of("dnd"), new Random(1));
    private final Map<String, PooledResource> held = new HashMap<>();

    @BeforeEach
    void keepsHolders() {
        pool.heldBy(new Holders() {
            @Override
            public @Nullable PooledResource holder(Wish conversation) {
                return held.get(key(conversation));
            }

            @Override
            public void holds(Wish conversation, PooledResource resource) {
                held.put(key(conversation), resource);
            }
        });
        for (int i = 0; i < 10; i++) {
            shows(i, null);
        }
    }

    private static String key(Wish conversation) {
        return conversation.requester().bareKey()
                + ' '
                + conversation.addressUsed().key();
    }

    private static Jid jid(int number) {
        return Jid.parse("worker@some.example/" + number);
    }

    private PooledResource shows(int number, @Nullable String show) {
        pool.put(new TargetPresence("", jid(number), show, 0, null), 0);
        return pool.find(jid(number));
    }

    private static Wish wish(Jid requester, Jid addressUsed) {
        return new AskedBy(requester, addressUsed, List.of());
    }

    private static Wish wish() {
        return wish(ALICE, PROXY_HOST);
    }

    private PooledResource chosen(Wish wish) {
        PooledResource chosen = given(wish);
        assertThat(pool.chooseForConversation(wish)).isSameAs(chosen);
        return chosen;
    }

    private PooledResource given(Wish wish) {
        PooledResource chosen = Objects.requireNonNull(pool.choose(wish));
        pool.given(wish, chosen);
        return chosen;
    }

    @Test
    void theDevicesOfAnAccountAreOneConversation() {
        PooledResource first = pool.choose(wish());
        held.clear();
        assertThat(chosen(wish(Jid.parse("ALICE@some.example/phone"), PROXY_HOST)))
                .isSameAs(first);
        held.clear();
        assertThat(chosen(wish(ALICE.bare(), Jid.parse("PROXY.example")))).isSameAs(first);
    }

    @Test
    void theAddressesOfTheProxyHostAreConversationsOfTheirOwn() {
        Map<PooledResource, Integer> chosen = new HashMap<>();
        for (int i = 0; i < 50; i++) {
            chosen.merge(chosen(wish(ALICE, Jid.parse("service" + i + "@proxy.example"))), 1, Integer::sum);
        }
        assertThat(chosen.keySet()).hasSizeGreaterThan(5);
    }

    @Test
    void theHolderComesBeforeTheHash() {
        PooledResource first = pool.choose(wish());
        for (int i = 0; i < 10; i++) {
            held.put(key(wish()), pool.find(jid(i)));
            assertThat(chosen(wish())).isSameAs(pool.find(jid(i)));
        }
        held.clear();
        assertThat(chosen(wish())).isSameAs(first);
    }

    @Test
    void aHolderThatIsAvoidedIsPassedOverWhileAnotherIsThere() {
        PooledResource holder = chosen(wish());
        shows(Integer.parseInt(holder.jid().resource()), "dnd");
        PooledResource other = chosen(wish());
        assertThat(other).isNotSameAs(holder);
        // The choice has made that one the holder.
        shows(Integer.parseInt(holder.jid().resource()), null);
        assertThat(chosen(wish())).isSameAs(other);
    }

    @Test
    void whereAllAreAvoidedTheHolderStays() {
        held.put(key(wish()), pool.find(jid(3)));
        for (int i = 0; i < 10; i++) {
            shows(i, "dnd");
        }
        assertThat(chosen(wish())).isSameAs(pool.find(jid(3)));
    }

    @Test
    void aHolderThatHasLeftOrIsRetiredIsNotChosen() {
        PooledResource holder = chosen(wish());
        pool.retire(holder);
        PooledResource next = chosen(wish());
        assertThat(next).isNotSameAs(holder);
        pool.remove(next);
        assertThat(chosen(wish())).isNotIn(holder, next).isNotNull();
    }

    @Test
    void whoStandsInForOneThatIsFullIsNoHolder() {
        PooledResource holder = given(wish());
        int[] load = {1};
        holder.setWork(() -> load[0]);
        pool.limitEach(1);
        assertThat(given(wish())).isNotSameAs(holder);
        assertThat(pool.chooseForConversation(wish())).isSameAs(holder);
        load[0] = 0;
        pool.loadChanged(holder);
        assertThat(chosen(wish())).isSameAs(holder);
    }

    @Test
    void whoIsChosenAndGivenNothingIsNoHolder() {
        pool.choose(wish());
        assertThat(held).isEmpty();
    }

    @Test
    void otherPoliciesHoldNothing() {
        ResourcePool random = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
        random.heldBy(new Holders() {
            @Override
            public @Nullable PooledResource holder(Wish conversation) {
                throw new AssertionError("asked");
            }

            @Override
            public void holds(Wish conversation, PooledResource resource) {
                throw new AssertionError("told");
            }
        });
        random.put(new TargetPresence("", jid(1), null, 0, null), 0);
        random.given(wish(), Objects.requireNonNull(random.choose(wish())));
    }
}
