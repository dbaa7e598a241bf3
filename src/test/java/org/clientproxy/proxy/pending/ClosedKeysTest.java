package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ClosedKeysTest {
    private record Closed(String key, long until) {}

    @Test
    void knowsEachKeyForItsTimeAndNoOther() {
        Random random = new Random(1);
        ClosedKeys keys = new ClosedKeys(1_000_000, 1000);
        Deque<Closed> model = new ArrayDeque<>();
        long now = 0;
        for (int i = 0; i < 50_000; i++) {
            // Quiet times and floods, so that it grows, turns round and becomes empty.
            now += i / 5000 % 2 == 0 ? random.nextInt(3) : random.nextInt(300);
            String key = "worker@some.example/a\nproxy.example/token\n" + i;
            keys.add(key, now);
            model.add(new Closed(key, now + 1000));
            Closed any = random.nextBoolean() ? model.peekFirst() : model.peekLast();
            assertThat(keys.contains(any.key(), now)).isEqualTo(any.until() > now);
            assertThat(keys.contains(key + 'x', now)).isFalse();
            while (model.peekFirst().until() <= now) {
                assertThat(keys.contains(model.removeFirst().key(), now)).isFalse();
            }
        }
    }

    @Test
    void saysItOfEveryKeyWhereItHadToForgetOne() {
        ClosedKeys keys = new ClosedKeys(3, 1000);
        for (int i = 0; i < 4; i++) {
            keys.add("k" + i, i);
        }
        assertThat(keys.contains("other", 999)).isTrue();
        assertThat(keys.contains("other", 1000)).as("what it forgot is over").isFalse();
        assertThat(keys.contains("k3", 1000)).isTrue();
        assertThat(keys.contains("k3", 1003)).isFalse();
    }

    @Test
    void forgetsInTimeWhatALowerCapacityHasNoPlaceFor() {
        ClosedKeys keys = new ClosedKeys(100, 1000);
        for (int i = 0; i < 50; i++) {
            keys.add("k" + i, i);
        }
        keys.adjust(10, 1000);
        keys.add("last", 50);
        assertThat(keys.contains("other", 1039)).as("k40 was forgotten").isTrue();
        assertThat(keys.contains("other", 1040)).isFalse();
        assertThat(keys.contains("k41", 1040)).isTrue();
        assertThat(keys.contains("last", 1049)).isTrue();
        keys.adjust(100, 1000);
        for (int i = 0; i < 60; i++) {
            keys.add("more" + i, 1050);
        }
        assertThat(keys.contains("other", 1050)).isFalse();
    }

    /** What is held for longer than what comes after it is never given up early. */
    @Test
    void aShorterTimeIsForKeysThatComeThen() {
        ClosedKeys keys = new ClosedKeys(2, 1000);
        keys.add("long", 0);
        keys.adjust(2, 10);
        keys.add("short", 0);
        assertThat(keys.contains("long", 999)).isTrue();
        keys.add("third", 0);
        keys.add("fourth", 0);
        assertThat(keys.contains("other", 999)).as("the first was forgotten").isTrue();
        assertThat(keys.contains("other", 1000)).isFalse();
    }
}
