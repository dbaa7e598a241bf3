package org.clientproxy.proxy;

import org.apache.camel.CamelContext;
import org.apache.camel.support.LifecycleStrategySupport;
import org.apache.camel.support.service.ServiceSupport;
import org.clientproxy.component.StreamUse;
import org.clientproxy.proxy.pending.PendingStore;
import org.clientproxy.proxy.routes.Drain;

/** Opens the proxy's stream and closes its stream and store: they live as long as the context, whatever becomes of routes. */
final class ProxyLife extends ServiceSupport {
    private final StreamUse use;
    private final PendingStore store;
    private final Drain drain;

    ProxyLife(StreamUse use, PendingStore store, Drain drain) {
        this.use = use;
        this.store = store;
        this.drain = drain;
    }

    void liveWith(CamelContext context) throws Exception {
        context.addLifecycleStrategy(new LifecycleStrategySupport() {
            @Override
            public void onContextStopping(CamelContext stopping) {
                contextStops();
            }
        });
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

    /** Gives the stream back, and closes the store. */
    void giveBack() {
        use.close();
        store.close();
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
