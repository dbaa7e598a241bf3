package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Attempts;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code choose}: enriches the request with a resource of the pool, in the header {@link ProxyHeaders#RESOURCE}.
 * While it is not known who is there, there may be no resource: the request is pending at once, and goes no further, until
 * it is.
 */
public final class ChooseResource implements Processor {
    private final ResourcePool pool;
    private final PendingRequests pendingRequests;

    public ChooseResource(ResourcePool pool, PendingRequests pendingRequests) {
        this.pool = pool;
        this.pendingRequests = pendingRequests;
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        PooledResource chosen = pool.isConfirmed() ? Attempts.choose(pool, pending) : null;
        if (chosen != null) {
            exchange.getMessage().setHeader(ProxyHeaders.RESOURCE, chosen);
        } else if (!pool.isConfirmed() || pool.isInDoubt()) {
            pendingRequests.await(pending);
            exchange.setRouteStop(true);
        } else {
            throw new StanzaErrorException(
                    pending.tried().isEmpty() ? ProxyErrors.NO_RESOURCE : ProxyErrors.RESOURCE_GONE);
        }
    }
}
