package org.clientproxy.proxy.pool;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The repeated probes: they follow a probe that nobody has answered, after 1, 2, 4 … 60 s. For no answer is no evidence that
 * nobody is there: a server may have given it to an earlier connection of ours. Used on the loop only.
 */
final class ProbeRetries {
    private static final Duration QUICKEST = Duration.ofSeconds(1);
    private static final Duration SLOWEST = Duration.ofSeconds(60);

    private final StreamLoop loop;
    private final Runnable send;
    private final BooleanSupplier missing;
    private boolean awaited;
    private Duration delay = QUICKEST;
    private StreamLoop.@Nullable Timeout again;

    /**
     * @param send sends a probe
     * @param missing whether somebody has not answered who is known by name
     */
    ProbeRetries(StreamLoop loop, Runnable send, BooleanSupplier missing) {
        this.loop = loop;
        this.send = send;
        this.missing = missing;
    }

    /** A probe has been sent. One that follows others without an answer does not make the next one come sooner. */
    void sent() {
        if (!awaited) {
            awaited = true;
            delay = QUICKEST;
            schedule();
        }
    }

    /** The target's server has answered, or one of the target's sessions. */
    void answered() {
        awaited = false;
    }

    /** There is no subscription any more to be probed for. */
    void clear() {
        awaited = false;
        if (again != null) {
            again.cancel();
            again = null;
        }
    }

    private void schedule() {
        if (again != null) {
            again.cancel();
        }
        again = loop.schedule(this::retry, delay.toNanos());
        Duration twice = delay.multipliedBy(2);
        delay = twice.compareTo(SLOWEST) < 0 ? twice : SLOWEST;
    }

    private void retry() {
        again = null;
        if (awaited || missing.getAsBoolean()) {
            awaited = true;
            send.run();
            schedule();
        }
    }
}
