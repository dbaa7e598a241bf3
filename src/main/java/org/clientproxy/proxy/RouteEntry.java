package org.clientproxy.proxy;

import org.apache.camel.AsyncCallback;
import org.apache.camel.AsyncProducer;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** The way into a route of ours for an exchange that no consumer made. Used on the loop. */
final class RouteEntry {
    private final CamelContext context;
    private final String address;
    private @Nullable AsyncProducer producer;

    /** @param address that of the route, which need not be there yet */
    RouteEntry(CamelContext context, String address) {
        this.context = context;
        this.address = address;
    }

    /** Brings the exchange to the route; that there is no way there is a failure of the exchange. */
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
        producer.process(exchange, callback);
    }
}
