package org.clientproxy.proxy.pending;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the requesters of requests that an earlier process left and this one did not take up: their time is over, or there
 * is no room. It does so in portions, each when the answers of the one before are given to the socket, so that no number of
 * them fills the memory. Used on the loop.
 */
public final class TellLeftOver {
    private static final Logger LOG = LoggerFactory.getLogger(TellLeftOver.class);
    private static final long WAIT_NANOS = Duration.ofMillis(1).toNanos();
    private static final long DRAINING_NANOS = Duration.ofSeconds(1).toNanos();

    private final ComponentStream stream;
    private final StreamLoop loop;
    private final PendingStore store;
    private final PendingRequests pendingRequests;
    private final InstantSource clock;
    private final long replyTimeoutNanos;
    private boolean scheduled;
    private int told;

    public TellLeftOver(
            ComponentStream stream,
            PendingStore store,
            PendingRequests pendingRequests,
            InstantSource clock,
            Duration replyTimeout) {
        this.stream = stream;
        this.loop = stream.loop();
        this.store = store;
        this.pendingRequests = pendingRequests;
        this.clock = clock;
        this.replyTimeoutNanos = replyTimeout.toNanos();
    }

    /** There is a stream for the answers. */
    public void begin() {
        if (!scheduled && store.leftOver() > 0) {
            next(0);
        }
    }

    private void next(long delayNanos) {
        scheduled = true;
        loop.schedule(this::tell, delayNanos);
    }

    private void tell() {
        scheduled = false;
        if (stream.state() != StreamState.READY) {
            // It goes on with the next stream.
            return;
        }
        if (pendingRequests.isDraining()) {
            // What is not told until the stop stays for the next process.
            next(DRAINING_NANOS);
            return;
        }
        int before = told;
        for (RestoredRequest stored : store.nextLeftOver()) {
            told++;
            long rest = TimeUnit.MILLISECONDS.toNanos(stored.deadlineMillis() - clock.millis());
            long now = loop.nanoTime();
            // Its deadline is now at the latest, for it is never sent on.
            PendingRequest pending = stored.pending(now + rest - replyTimeoutNanos, now + Math.min(0, rest));
            pendingRequests.end(pending, rest > 0 ? Ending.NOT_TAKEN_UP : Ending.EXPIRED);
        }
        if (store.leftOver() > 0) {
            next(told > before ? 0 : WAIT_NANOS);
        } else {
            LOG.info("{} requests of an earlier run that were not taken up have their answers", told);
        }
    }
}
