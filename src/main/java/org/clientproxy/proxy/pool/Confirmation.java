package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The time after a connect in which all who are there show up ({@code proxy.confirm-timeout}): the pool gathers as long as it
 * runs. Used on the loop only.
 */
final class Confirmation {
    private final StreamLoop loop;
    private final ResourcePool pool;
    private final Runnable over;
    private Duration time;
    private StreamLoop.@Nullable Timeout running;

    /** @param over hears when the time is over, unless it was cancelled */
    Confirmation(StreamLoop loop, ResourcePool pool, Duration time, Runnable over) {
        this.loop = loop;
        this.pool = pool;
        this.time = time;
        this.over = over;
    }

    /** The next one lasts so long. */
    void adjust(Duration next) {
        time = next;
    }

    void begin() {
        stop();
        running = loop.schedule(this::end, time.toNanos());
        pool.gather(true);
    }

    void cancel() {
        stop();
        pool.gather(false);
    }

    private void end() {
        running = null;
        pool.gather(false);
        over.run();
    }

    private void stop() {
        if (running != null) {
            running.cancel();
            running = null;
        }
    }
}
