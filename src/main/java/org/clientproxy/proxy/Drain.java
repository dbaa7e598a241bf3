package org.clientproxy.proxy;

import java.time.Duration;
import java.util.function.Predicate;
import org.apache.camel.ShutdownRunningTask;
import org.clientproxy.component.ConsumerControl;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The graceful stop of one proxy: new requests are refused, pending ones are awaited for a while and then answered, and at
 * last the target hears that the proxy is unavailable. Camel's shutdown strategy calls it, and goes on when nothing is
 * pending any more. Where only the route was stopped and is started again, on a stream that others kept open, it begins anew.
 */
final class Drain implements ConsumerControl {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private final ComponentStream stream;
    private final StreamLoop loop;
    private final PendingRequests pendingRequests;
    private final TargetSubscription subscription;
    private final Duration timeout;
    private final Predicate<Stanza> proxied;
    private volatile boolean bypassed;
    private boolean stopped;
    private StreamLoop.@Nullable Timeout limit;

    /** @param proxied whether an IQ request is one that would be proxied; all others have refusals of their own */
    Drain(
            ComponentStream stream,
            PendingRequests pendingRequests,
            TargetSubscription subscription,
            Duration timeout,
            Predicate<Stanza> proxied) {
        this.proxied = proxied;
        this.stream = stream;
        this.loop = stream.loop();
        this.pendingRequests = pendingRequests;
        this.subscription = subscription;
        this.timeout = timeout;
    }

    /** Whether the route is stopped only to be replaced: nothing is drained, and nothing begins anew. Any thread. */
    void bypass(boolean bypass) {
        bypassed = bypass;
    }

    @Override
    public void consumerStarts() {
        if (bypassed) {
            return;
        }
        loop.execute(() -> {
            pendingRequests.admit();
            if (limit != null) {
                limit.cancel();
                limit = null;
            }
            if (stopped && stream.state() == StreamState.READY) {
                subscription.streamReady();
            }
            stopped = false;
        });
    }

    @Override
    public @Nullable StanzaError refusal(Stanza request) {
        boolean drained = pendingRequests.isDraining() && pendingRequests.size() == 0;
        return drained && proxied.test(request) ? ProxyErrors.STOPPING : null;
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        if (bypassed) {
            return false;
        }
        loop.execute(() -> {
            if (!pendingRequests.isDraining()) {
                pendingRequests.drain();
                LOG.info(
                        "stopping; awaiting {} pending requests for at most {} ms",
                        pendingRequests.size(),
                        timeout.toMillis());
                limit = loop.schedule(pendingRequests::stopAll, timeout.toNanos());
            }
        });
        return true;
    }

    @Override
    public int getPendingExchangesSize() {
        return bypassed ? 0 : pendingRequests.size();
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (!suspendOnly && !bypassed) {
            loop.execute(() -> {
                pendingRequests.stopAll();
                subscription.stop();
                stopped = true;
            });
        }
    }
}
