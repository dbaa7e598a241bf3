package org.clientproxy.proxy.routes;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.spi.AggregationRepository;
import org.apache.camel.support.DefaultExchange;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.jspecify.annotations.Nullable;

/**
 * The repository {@code pending-requests} of the aggregator: shows it the {@link PendingRequests} as groups, one for each
 * attempt. Exchanges are not kept; what a group shows is made when the aggregator asks. Used on the loop only.
 */
public final class PendingRepository implements AggregationRepository {
    private final PendingRequests pendingRequests;
    // What the aggregator sees of a group; nobody keeps it until the next one.
    private @Nullable Exchange group;

    public PendingRepository(PendingRequests pendingRequests) {
        this.pendingRequests = pendingRequests;
    }

    /** What it shows. */
    public PendingRequests pendingRequests() {
        return pendingRequests;
    }

    @Override
    public Exchange add(CamelContext context, String key, Exchange exchange) {
        pendingRequests.open(key, Correlation.pending(exchange));
        return exchange;
    }

    @Override
    public @Nullable Exchange get(CamelContext context, String key) {
        PendingRequest pending = pendingRequests.find(key);
        if (pending == null) {
            return null;
        }
        Exchange shown = group;
        if (shown == null) {
            shown = new DefaultExchange(context);
            group = shown;
        }
        // Set where a bounce is kept in the group; it is not the next one's.
        shown.removeProperty(ExchangePropertyKey.AGGREGATED_SIZE);
        shown.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        return shown;
    }

    @Override
    public void remove(CamelContext context, String key, Exchange exchange) {
        pendingRequests.close(key);
    }

    @Override
    public void confirm(CamelContext context, String exchangeId) {
        // Nothing is recovered, so nothing needs to be confirmed.
    }

    @Override
    public Set<String> getKeys() {
        return Set.of();
    }
}
