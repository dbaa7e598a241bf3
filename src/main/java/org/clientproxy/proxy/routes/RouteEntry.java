package org.clientproxy.proxy.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.component.direct.DirectConsumerNotAvailableException;
import org.jspecify.annotations.Nullable;

/**
 * The way into a route of ours for an exchange that no consumer made. While the route is stopped or suspended, what comes goes
 * to whoever stands in for it. Used on the loop.
 */
public final class RouteEntry {
    private final CamelContext context;
    private final String address;
    private final Processor standby;
    private @Nullable AsyncProducer producer;

    /**
     * @param address that of the route, which need not be there yet
     * @param standby takes exchanges while the route is not there
     */
    public RouteEntry(CamelContext context, String address, Processor standby) {
        this.context = context;
        this.address = address;
        this.standby = standby;
    }

    /** Brings the exchange to the route. */
    void enter(Exchange exchange, AsyncCallback callback) {
        try {
            if (producer == null) {
                // It must not wait for a route that is not there: it would hold up the loop, and all stanzas with it.
                producer = context.getEndpoint(address + "?block=false").createAsyncProducer();
                producer.start();
            }
        } catch (Exception e) {
            exchange.setException(e);
            callback.done(true);
            return;
        }
        producer.process(exchange, doneSync -> {
            if (exchange.getException() instanceof DirectConsumerNotAvailableException) {
                exchange.setException(null);
                standIn(exchange);
            }
            callback.done(doneSync);
        });
    }

    private void standIn(Exchange exchange) {
        try {
            standby.process(exchange);
        } catch (Exception e) {
            exchange.setException(e);
        }
    }
}
