package org.clientproxy.proxy.pending;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * The clock of pending requests: one timer for all, which brings what is due in batches. Times are nanoseconds of the loop's
 * clock. Used on the loop only.
 */
final class Deadlines {
    private final StreamLoop loop;
    private final BooleanSupplier congested;
    private final Consumer<PendingRequest> due;
    private final DeadlineRing<PendingRequest> ring;
    private StreamLoop.@Nullable Timeout timer;
    private long timerAt;

    /**
     * @param congested while this says so, nothing is due
     * @param due takes a request for which the time that was set has come; it has none then
     */
    Deadlines(StreamLoop loop, BooleanSupplier congested, Consumer<PendingRequest> due) {
        this.loop = loop;
        this.congested = congested;
        this.due = due;
        this.ring = new DeadlineRing<>(loop.nanoTime());
    }

    /** Sets the time for a request, in place of the one that it had. */
    void set(PendingRequest pending, long at) {
        ring.remove(pending);
        ring.add(pending, at);
        long pollAt = DeadlineRing.pollAt(at);
        if (timer == null || pollAt - timerAt < 0) {
            schedule(pollAt);
        }
    }

    /** The request has no time any more. */
    void remove(PendingRequest pending) {
        ring.remove(pending);
    }

    private void schedule(long at) {
        if (timer != null) {
            timer.cancel();
        }
        timerAt = at;
        timer = loop.schedule(this::tick, Math.max(0, at - loop.nanoTime()));
    }

    private void tick() {
        timer = null;
        long now = loop.nanoTime();
        if (congested.getAsBoolean()) {
            schedule(now + EndingQueue.CONGESTED_NANOS);
            return;
        }
        for (PendingRequest pending : ring.poll(now, EndingQueue.BATCH)) {
            if (congested.getAsBoolean()) {
                set(pending, now + EndingQueue.CONGESTED_NANOS);
            } else {
                due.accept(pending);
            }
        }
        // What was set meanwhile has set the timer for itself alone.
        long next = now + ring.delay(now);
        if (!ring.isEmpty() && (timer == null || next - timerAt < 0)) {
            schedule(next);
        }
    }
}
