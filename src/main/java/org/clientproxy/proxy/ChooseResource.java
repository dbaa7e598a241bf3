package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code choose}: a resource of the pool for the request, in the header {@link ProxyHeaders#RESOURCE}; none while
 * the pool is not confirmed.
 */
final class ChooseResource implements Processor {
    private final ResourcePool pool;

    ChooseResource(ResourcePool pool) {
        this.pool = pool;
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        PooledResource chosen = null;
        if (pool.isConfirmed()) {
            chosen = pool.choose(pending.requester, pending.tried());
            if (chosen == null) {
                throw new StanzaErrorException(
                        pending.tried().isEmpty() ? ProxyErrors.NO_RESOURCE : ProxyErrors.RESOURCE_GONE);
            }
        }
        if (chosen == null) {
            exchange.getMessage().removeHeader(ProxyHeaders.RESOURCE);
        } else {
            exchange.getMessage().setHeader(ProxyHeaders.RESOURCE, chosen);
        }
    }
}
