package org.clientproxy.proxy.pool;

import java.time.Duration;
import org.clientproxy.stream.StreamLoop;
import org.jspecify.annotations.Nullable;

/**
 * What is remembered of one session that was taken out of the choice: why and for how long, and when it came back, which says
 * for how long it is out the next time. Times are nanoseconds of the loop's clock. Used on the loop only.
 */
final class Ejection {
    /** The time doubles up to this, unless the first one is longer. */
    private static final long LONGEST = Duration.ofMinutes(10).toNanos();

    private final long first;
    private EjectionState state = EjectionState.IN;
    private String why = "";
    private long time;
    private long outAt;
    private long dueAt;
    // Of the last time that it was out; zero: it never was.
    private long wasOut;
    private long backAt;
    private int pings;
    private StreamLoop.@Nullable Timeout timer;

    /** @param first for how long a session is out that was not out lately */
    Ejection(long first) {
        this.first = first;
    }

    EjectionState state() {
        return state;
    }

    boolean isOut() {
        return state != EjectionState.IN;
    }

    /** It is out from now on: for the first time after as long a healthy time as it was out last, else for twice as long. */
    void begin(long now, String reason) {
        become(EjectionState.OUT);
        time = wasOut == 0 || now - backAt >= wasOut ? first : longer();
        why = reason;
        outAt = now;
        dueAt = now + time;
    }

    /** The time is over, and it is pinged; by the number its answer is known. */
    int ping() {
        become(EjectionState.PINGED);
        return ++pings;
    }

    /** Whether the answer to this ping is awaited. */
    boolean awaits(int ping) {
        return state == EjectionState.PINGED && pings == ping;
    }

    /** It has not answered: it is out for twice as long. */
    void silent(long now) {
        become(EjectionState.OUT);
        time = longer();
        dueAt = now + time;
    }

    /** The stream is down: no time runs out, and no answer will come. */
    void pause() {
        cancel();
        if (state == EjectionState.PINGED) {
            become(EjectionState.OUT);
        }
    }

    /** It is in the choice again; for how long it was out. */
    Duration end(long now) {
        become(EjectionState.IN);
        cancel();
        wasOut = now - outAt;
        backAt = now;
        return Duration.ofNanos(wasOut);
    }

    /** Nothing happens when the time is over. */
    void cancel() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }

    /** It happens when the time is over. */
    void then(StreamLoop loop, Runnable task) {
        cancel();
        timer = loop.schedule(task, left(loop.nanoTime()).toNanos());
    }

    /** How long it is out yet before it is pinged. */
    Duration left(long now) {
        return Duration.ofNanos(Math.max(0, dueAt - now));
    }

    /** For an operator. */
    String describe(long now) {
        return why
                + (state == EjectionState.PINGED
                        ? "; pinged"
                        : "; ping in " + left(now).toSeconds() + " s");
    }

    private long longer() {
        return Math.min(2 * time, Math.max(LONGEST, first));
    }

    private void become(EjectionState next) {
        if (!state.mayBecome(next)) {
            throw new IllegalStateException("an ejection cannot go from " + state + " to " + next);
        }
        state = next;
    }
}
