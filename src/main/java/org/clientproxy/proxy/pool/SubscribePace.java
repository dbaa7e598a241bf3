package org.clientproxy.proxy.pool;

import java.time.Duration;

/**
 * The delay from one {@code subscribe} to the next while none is answered: 1, 2, 4 … 60 s, and once the target has
 * denied it or its server has answered with an error 1, 2, 4 … 60 min, until it is accepted.
 */
final class SubscribePace {
    private static final Duration QUICKEST = Duration.ofSeconds(1);
    private static final Duration SLOWEST = Duration.ofSeconds(60);
    private static final Duration QUICKEST_AFTER_DENIAL = Duration.ofSeconds(60);
    private static final Duration SLOWEST_AFTER_DENIAL = Duration.ofHours(1);

    private Duration delay = Duration.ZERO;
    private boolean slow;

    /** The target has accepted, or the stream is new. */
    void restart() {
        delay = Duration.ZERO;
        slow = false;
    }

    /** The target has denied. However often it says so, only {@link #next} makes the delay longer. */
    Duration slow() {
        if (!slow) {
            slow = true;
            delay = QUICKEST_AFTER_DENIAL;
        }
        return delay;
    }

    /** The delay after the {@code subscribe} that is being sent. */
    Duration next() {
        Duration slowest = slow ? SLOWEST_AFTER_DENIAL : SLOWEST;
        Duration twice = delay.isZero() ? QUICKEST : delay.multipliedBy(2);
        delay = twice.compareTo(slowest) < 0 ? twice : slowest;
        return delay;
    }
}
