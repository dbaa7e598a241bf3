package org.clientproxy.proxy.routes;

import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.support.DefaultExchange;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.stream.StreamLoop;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brings endings that no stanza brings to the route {@code correlate}. On the loop. */
public final class EndingSender implements PendingRequests.Endings {
    private static final Logger LOG = LoggerFactory.getLogger(EndingSender.class);

    private final CamelContext context;
    private final RouteEntry correlate;
    private final FailureLog failures;

    public EndingSender(CamelContext context, RouteEntry correlate, StreamLoop loop) {
        this.failures = new FailureLog(LOG, loop);
        this.context = context;
        this.correlate = correlate;
    }

    @Override
    public void end(PendingRequest pending, Ending ending) {
        Exchange exchange = new DefaultExchange(context, ExchangePattern.InOnly);
        exchange.getMessage().setBody(pending.request());
        exchange.getMessage().setHeader(ProxyHeaders.REQUEST, pending);
        exchange.getMessage().setHeader(ProxyHeaders.ENDING, ending);
        exchange.getMessage().getHeaders().putAll(pending.trace());
        correlate.enter(exchange, done -> {
            if (exchange.getException() != null) {
                failures.failed("could not end, will try again", pending, exchange.getException());
            }
        });
    }
}
