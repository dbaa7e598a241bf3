package org.clientproxy.proxy.presence;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** The order of subscribers and the walk through it, against a map that keeps the same order. */
class SubscribersTest {
    private final Subscribers subscribers = new Subscribers();
    private final Map<String, Subscriber> expected = new LinkedHashMap<>();

    private Subscriber subscriber(int number) {
        return new Subscriber(Jid.parse("u" + number + "@x.example"), 0);
    }

    @Test
    void keepsTheOrderOfTheLastSignsOfLifeHoweverTheyComeAndGo() {
        Random random = new Random(7);
        for (int i = 0; i < 20_000; i++) {
            Subscriber one = subscriber(random.nextInt(50));
            Subscriber known = subscribers.find(one.jid());
            assertThat(known).isSameAs(expected.get(one.jid().key()));
            if (known == null) {
                subscribers.add(one);
                expected.put(one.jid().key(), one);
            } else if (random.nextBoolean()) {
                subscribers.touch(known);
                expected.remove(one.jid().key());
                expected.put(one.jid().key(), known);
            } else {
                subscribers.remove(known);
                expected.remove(one.jid().key());
            }
            if (random.nextInt(3) == 0) {
                Subscriber next = subscribers.next();
                assertThat(next == null || expected.containsValue(next)).isTrue();
            }
            assertThat(subscribers.size()).isEqualTo(expected.size());
            if (i % 100 == 0) {
                assertThat(subscribers.all()).containsExactlyElementsOf(expected.values());
            }
        }
    }

    @Test
    void theWalkReachesEachWhoStaysWhateverHappensMeanwhile() {
        List<Subscriber> staying = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            staying.add(subscriber(i));
            subscribers.add(staying.get(i));
        }
        Set<Subscriber> reached = new HashSet<>();
        for (int i = 0; i < 200; i++) {
            Subscriber next = subscribers.next();
            reached.add(next);
            subscribers.touch(staying.get((i * 7) % 100));
            Subscriber passing = subscriber(1000 + i);
            subscribers.add(passing);
            if (i % 2 == 0) {
                subscribers.remove(passing);
            }
        }
        assertThat(reached).containsAll(staying);
    }
}
