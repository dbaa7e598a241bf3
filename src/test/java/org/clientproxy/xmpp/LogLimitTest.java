package org.clientproxy.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** One line a minute of each kind, however many kinds somebody thinks of. */
class LogLimitTest {
    private long now = Long.MAX_VALUE - 5;
    private final LogLimit limit = new LogLimit(() -> now);

    @Test
    void oneOfEachKindAMinute() {
        assertThat(limit.admit("a")).isZero();
        assertThat(limit.admit("a")).isNegative();
        assertThat(limit.admit("b")).isZero();
        now += Duration.ofSeconds(59).toNanos();
        assertThat(limit.admit("a")).isNegative();
        now += Duration.ofSeconds(1).toNanos();
        assertThat(limit.admit("a")).isEqualTo(2);
        assertThat(limit.admit("a")).isNegative();
        now += Duration.ofHours(1).toNanos();
        assertThat(limit.admit("a")).isEqualTo(1);
        assertThat(limit.admit("b")).isZero();
    }

    @Test
    void manyKindsAreNoWayRound() {
        int admitted = 0;
        for (int i = 0; i < 10_000; i++) {
            admitted += limit.admit("kind " + i) < 0 ? 0 : 1;
        }
        assertThat(admitted).isLessThan(100);
        now += Duration.ofMinutes(2).toNanos();
        assertThat(limit.admit("a new one")).isZero();
    }

    @Test
    void theKindOfAFailureIsWhereItBegan() {
        Exception cause = new IllegalStateException("with an id that changes");
        assertThat(LogLimit.kind(new RuntimeException("outer", cause)))
                .isEqualTo(LogLimit.kind(cause))
                .contains("IllegalStateException at ", "LogLimitTest")
                .doesNotContain("changes");
    }
}
