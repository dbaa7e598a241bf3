package org.clientproxy.proxy;

import org.apache.camel.CamelContext;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.component.StreamUse;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.routes.Drain;

/** Opens the proxy's stream and closes its stream and store: they live as long as the context, whatever becomes of routes. */
final class ProxyLife extends ServiceSupport {
    private final StreamUse use;
    private final PendingStore store;
    private final PresenceParts presence;
    private final Drain drain;
    private final LifecycleStrategy stops = new LifecycleStrategySupport() {
        @Override
        public void onContextStopping(CamelContext stopping) {
            contextStops();
        }
    };

    ProxyLife(StreamUse use, PendingStore store, PresenceParts presence, Drain drain) {
        this.use = use;
        this.store = store;
        this.presence = presence;
        this.drain = drain;
    }

    void liveWith(CamelContext context) throws Exception {
        context.addLifecycleStrategy(stops);
        // Camel stops services after routes and components, so the last answers are written then.
        context.addService(this);
    }

    /** The context is about to stop. */
    void contextStops() {
        drain.contextStops();
        if (use.isOpen() && !use.isConsumed()) {
            drain.drainNow();
        }
    }

    /** The proxy alone is about to stop: returns when nothing is pending any more, or the time for that is over. */
    void drain() {
        drain.contextStops();
        if (use.isOpen()) {
            drain.drainNow();
        }
    }

    /** Ends apart from the context, which goes on: whoever else uses the stream, it is closed. */
    void endWithout(CamelContext context) throws Exception {
        context.getLifecycleStrategies().remove(stops);
        context.removeService(this);
        use.closeForAll();
        store.close();
        presence.close();
    }

    /** Gives the stream back, and closes the store. */
    void giveBack() {
        use.close();
        store.close();
        presence.close();
    }

    @Override
    protected void doStart() {
        use.open();
    }

    @Override
    protected void doStop() {
        giveBack();
    }
}
