package org.clientproxy.stream;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** The delays between attempts to connect: each longer than the one before, and jittered so that many do not come at once. */
final class Backoff {
    /** The delay where somebody must change a configuration before it can work. */
    static final Duration SLOW = Duration.ofSeconds(60);

    private StreamSettings settings;
    private final DoubleSupplier random;
    private double nextNanos;

    /** @param random uniform in [0, 1) */
    Backoff(StreamSettings settings, DoubleSupplier random) {
        this.settings = settings;
        this.random = random;
        reset();
    }

    /** From now on the delays are of these settings. */
    void renew(StreamSettings renewed) {
        settings = renewed;
    }

    /** After success the shortest delay is next. */
    void reset() {
        nextNanos = settings.reconnectMin().toNanos();
    }

    /** In nanoseconds: between half and the whole of what has grown so far. */
    long next() {
        double full = Math.min(nextNanos, settings.reconnectMax().toNanos());
        nextNanos = Math.min(
                nextNanos * settings.reconnectMultiplier(),
                settings.reconnectMax().toNanos());
        return jittered(full);
    }

    long slow() {
        return jittered(SLOW.toNanos());
    }

    private long jittered(double full) {
        return (long) (full * (0.5 + random.getAsDouble() / 2));
    }
}
