package org.clientproxy.observe;

import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.NamedRoute;
import org.apache.camel.impl.engine.DefaultTracer;
import org.apache.camel.support.ExchangeHelper;

/** What {@code camel.main.tracing=true} prints: exchange, route, step, and the stanza by its start tag, never its payload. */
final class StanzaTracer extends DefaultTracer {
    @Override
    public void traceBeforeNode(NamedNode node, Exchange exchange) {
        if (shouldTrace(node)) {
            dumpTrace(line(exchange, ExchangeHelper.getRouteId(exchange), node.getId()), node);
        }
    }

    @Override
    public void traceBeforeRoute(NamedRoute route, Exchange exchange) {
        dumpTrace(line(exchange, route.getRouteId(), "begins"), route);
    }

    @Override
    public void traceAfterRoute(NamedRoute route, Exchange exchange) {
        dumpTrace(line(exchange, route.getRouteId(), exchange.isFailed() ? "failed" : "ends"), route);
    }

    private static String line(Exchange exchange, String route, String step) {
        return exchange.getExchangeId() + ' ' + route + " > " + step + "  "
                + exchange.getMessage().getBody();
    }
}
