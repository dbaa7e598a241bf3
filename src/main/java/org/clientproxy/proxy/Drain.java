package org.clientproxy.proxy;

import java.time.Duration;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The graceful stop of one proxy: new requests are refused, pending ones are awaited for a while and then answered, and at
 * last the target hears that the proxy is unavailable. Camel's shutdown strategy calls it, and goes on when nothing is
 * pending any more.
 */
final class Drain implements ShutdownAware {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final StreamLoop loop;
    private final PendingRequests pendingRequests;
    private final TargetSubscription subscription;
    private final Duration timeout;

    Drain(StreamLoop loop, PendingRequests pendingRequests, TargetSubscription subscription, Duration timeout) {
        this.loop = loop;
        this.pendingRequests = pendingRequests;
        this.subscription = subscription;
        this.timeout = timeout;
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        loop.execute(() -> {
            if (!pendingRequests.isDraining()) {
                pendingRequests.drain();
                LOG.info(
                        "stopping; awaiting {} pending requests for at most {} ms",
                        pendingRequests.size(),
                        timeout.toMillis());
                loop.schedule(pendingRequests::stopAll, timeout.toNanos());
            }
        });
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return pendingRequests.size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly) {
            loop.execute(() -> {
                pendingRequests.stopAll();
                subscription.stop();
            });
        }
    }
}
