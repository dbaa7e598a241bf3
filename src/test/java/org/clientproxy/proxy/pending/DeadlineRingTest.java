package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DeadlineRingTest {
    private static final class Item extends DeadlineRing.Node<Item> {
        private final long due;

        Item(long due) {
            this.due = due;
        }
    }

    /** Deadlines are late by this much at most. */
    private static final long LATE = 2L << 24;

    @Test
    void givesEachOnceNeverEarlyAndSoonAfter() {
        Random random = new Random(3);
        for (long origin : new long[] {0, -5_000_000_000L, Long.MAX_VALUE / 2}) {
            long now = origin;
            DeadlineRing<Item> ring = new DeadlineRing<>(now);
            Set<Item> queued = new HashSet<>();
            for (int step = 0; step < 5000; step++) {
                if (random.nextInt(3) > 0) {
                    Item item = new Item(now + random.nextInt(1 << (8 + random.nextInt(23))) * 64L - 1000);
                    ring.add(item, item.due);
                    queued.add(item);
                } else if (!queued.isEmpty() && random.nextBoolean()) {
                    Item item = queued.iterator().next();
                    queued.remove(item);
                    ring.remove(item);
                    ring.remove(item);
                }
                now += random.nextInt(1 << 27);
                for (List<Item> due = ring.poll(now, 7); !due.isEmpty(); due = ring.poll(now, 7)) {
                    for (Item item : due) {
                        assertThat(item.due - now).isLessThanOrEqualTo(0);
                        assertThat(queued.remove(item)).isTrue();
                    }
                }
                for (Item item : queued) {
                    assertThat(now - item.due).isLessThan(LATE);
                }
                assertThat(ring.isEmpty()).isEqualTo(queued.isEmpty());
            }
        }
    }

    @Test
    void saysWhenToComeAgain() {
        DeadlineRing<Item> ring = new DeadlineRing<>(0);
        long due = Duration.ofMinutes(7).toNanos();
        ring.add(new Item(due), due);
        long now = 0;
        int looks = 0;
        while (ring.poll(now, 10).isEmpty()) {
            now += ring.delay(now);
            looks++;
        }
        assertThat(now).isBetween(due, due + LATE);
        assertThat(looks).isLessThan(40);
    }

    @Test
    void givesNoMoreThanAsked() {
        DeadlineRing<Item> ring = new DeadlineRing<>(0);
        for (int i = 0; i < 1000; i++) {
            ring.add(new Item(5), 5);
        }
        long later = Duration.ofHours(3).toNanos();
        int given = 0;
        for (int i = 0; i < 10; i++) {
            given += ring.poll(later, 100).size();
        }
        assertThat(given).isEqualTo(1000);
        assertThat(ring.isEmpty()).isTrue();
    }
}
