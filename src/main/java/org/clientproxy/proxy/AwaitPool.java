package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;

/** The step {@code await-pool}: gives a request a key under which it is pending until the pool is confirmed. */
final class AwaitPool implements Processor {
    private final PendingRequests pendingRequests;

    AwaitPool(PendingRequests pendingRequests) {
        this.pendingRequests = pendingRequests;
    }

    @Override
    public void process(Exchange exchange) {
        String key = pendingRequests.waitingKey();
        Correlation.pending(exchange).await(key);
        exchange.getMessage().setHeader(ProxyHeaders.KEY, key);
    }
}
