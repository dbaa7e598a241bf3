package org.clientproxy.proxy.routes;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.camel.ShutdownRunningTask;
import org.clientproxy.component.ConsumerControl;
import org.clientproxy.proxy.conversations.HeldMessages;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.TargetWatch;
import org.clientproxy.proxy.presence.Farewell;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The graceful stop of one proxy: new requests are refused, pending ones are awaited for a while and then answered, and at
 * last the target hears that the proxy is unavailable. Camel's shutdown strategy calls it, and goes on when nothing is
 * pending any more.
 *
 * <p>That is so when the context stops. Where only routes are stopped, nothing is drained: the stream stays up, what is
 * pending goes on, and {@link Standby} does what must be done meanwhile.
 */
public final class Drain implements ConsumerControl, Adjustable {
    private static final Logger LOG = LoggerFactory.getLogger(Drain.class);

    private static final Duration LOOK_AGAIN = Duration.ofMillis(50);

    /** So long Camel waits before it looks again whether something is pending. */
    private static final Duration CAMEL_LOOKS_AGAIN = Duration.ofSeconds(1);

    /** For the answers at the end of the time. */
    private static final Duration MARGIN = Duration.ofSeconds(3);

    private final ComponentStream stream;
    private final StreamLoop loop;
    private final PendingRequests pendingRequests;
    private final TargetWatch subscription;
    private volatile Duration timeout;
    private final HeldMessages held;
    private final Predicate<Stanza> proxied;
    private final Consumer<Stanza> standby;
    private final BooleanSupplier replaced;
    private final BooleanSupplier handOver;
    private final List<Farewell> farewells = new CopyOnWriteArrayList<>();
    private volatile boolean stopping;
    // Done on the loop, when it has begun to drain and nothing is left.
    private final CompletableFuture<Void> drained = new CompletableFuture<>();
    private volatile boolean handedOver;

    /**
     * @param held wait no more when the proxy is stopping
     * @param proxied whether an IQ request is one that is refused while nothing is wrong with it; all others have refusals of their own
     * @param standby gets stanzas on the loop while the route is stopped that begins with the stream
     * @param handOver asked once, when the proxy is about to stop: others go on with what is pending, so nothing is awaited, refused or
     *     answered, and the target need not hear of it
     * @param replaced whether a route that stops is only replaced, of which nobody needs to read
     */
    public Drain(
            ComponentStream stream,
            PendingRequests pendingRequests,
            TargetWatch subscription,
            HeldMessages held,
            Duration timeout,
            Predicate<Stanza> proxied,
            Consumer<Stanza> standby,
            BooleanSupplier replaced,
            BooleanSupplier handOver) {
        this.handOver = handOver;
        this.proxied = proxied;
        this.standby = standby;
        this.replaced = replaced;
        this.stream = stream;
        this.loop = stream.loop();
        this.pendingRequests = pendingRequests;
        this.subscription = subscription;
        this.held = held;
        this.timeout = timeout;
    }

    @Override
    public void adjust(ProxySettings now) {
        timeout = now.drainTimeout();
    }

    /** This is told as well before the proxy stops. To be called before the start. */
    public void tell(Farewell farewell) {
        farewells.add(farewell);
    }

    /** From now on the stop of the route is the stop of the proxy. Any thread. */
    public void contextStops() {
        if (!stopping) {
            stopping = true;
            handedOver = handOver.getAsBoolean();
        }
    }

    /**
     * Drains where no route is there for which Camel would wait. Returns when nothing is pending any more, at the latest some
     * seconds after the time for that. Not on the loop.
     */
    public void drainNow() {
        if (handedOver) {
            return;
        }
        deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
        if (!awaitDrained(timeout.plus(MARGIN))) {
            LOG.warn("{} requests were still pending when the time to stop was over", pendingRequests.size());
        }
        prepareShutdown(false, false);
    }

    /** What the stop waits for. Any thread. */
    private int left() {
        return pendingRequests.size()
                + farewells.stream().mapToInt(Farewell::untold).sum();
    }

    private void completeWhenEmpty() {
        if (left() == 0) {
            drained.complete(null);
        } else {
            loop.schedule(this::completeWhenEmpty, LOOK_AGAIN.toNanos());
        }
    }

    /** Whether nothing is left within that time. Not on the loop. */
    private boolean awaitDrained(Duration limit) {
        try {
            drained.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
        return drained.isDone();
    }

    @Override
    public @Nullable StanzaError refusal(Stanza request) {
        boolean drained = pendingRequests.isDraining() && pendingRequests.size() == 0;
        return drained && proxied.test(request) ? ProxyErrors.STOPPING : null;
    }

    @Override
    public void unattended(Stanza stanza) {
        standby.accept(stanza);
    }

    @Override
    public boolean deferShutdown(ShutdownRunningTask task) {
        if (!stopping) {
            if (!replaced.getAsBoolean()) {
                LOG.info(
                        "the route of {} is stopped, the stream stays up: new requests are refused, {} are pending still",
                        stream.settings().domain(),
                        pendingRequests.size());
            }
            return false;
        }
        if (handedOver) {
            return false;
        }
        loop.execute(() -> {
            if (!pendingRequests.isDraining()) {
                pendingRequests.drain();
                held.drain();
                LOG.info(
                        "stopping; awaiting {} pending requests for at most {} ms",
                        pendingRequests.size(),
                        timeout.toMillis());
                loop.schedule(pendingRequests::stopAll, timeout.toNanos());
                farewells.forEach(farewell -> farewell.begin(timeout.toNanos()));
                completeWhenEmpty();
            }
        });
        return true;
    }

    /** Camel, which asks again a second later as long as there is something, is answered as soon as there is nothing. Not on the loop. */
    @Override
    public int getPendingExchangesSize() {
        if (!stopping || handedOver || awaitDrained(CAMEL_LOOKS_AGAIN)) {
            return 0;
        }
        return Math.max(1, left());
    }

    @Override
    public void prepareShutdown(boolean suspendOnly, boolean forced) {
        if (stopping && !suspendOnly && !handedOver) {
            loop.execute(() -> {
                pendingRequests.stopAll();
                subscription.stop();
            });
        }
    }
}
