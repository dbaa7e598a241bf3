package org.clientproxy.proxy;

import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.StanzaErrorException;
import org.jspecify.annotations.Nullable;

/**
 * What the content enricher {@code choose} asks: a resource of the pool for the request. Its body comes to be the
 * {@link PooledResource}, or null while the pool is not confirmed.
 *
 * @see Merge
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
        exchange.getMessage().setBody(chosen);
    }

    /** Puts what was chosen into the request's header {@link ProxyHeaders#RESOURCE}. */
    static final class Merge implements AggregationStrategy {
        @Override
        public Exchange aggregate(Exchange request, @Nullable Exchange chosen) {
            Object resource = chosen == null ? null : chosen.getMessage().getBody();
            if (resource == null) {
                request.getMessage().removeHeader(ProxyHeaders.RESOURCE);
            } else {
                request.getMessage().setHeader(ProxyHeaders.RESOURCE, resource);
            }
            return request;
        }
    }
}
