package org.clientproxy.observe;

import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.NamedRoute;
import org.apache.camel.impl.engine.DefaultTracer;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.util.ObjectHelper;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What {@code camel.main.tracing=true} prints: exchange, route, step, and the stanza by its start tag, never its payload. */
final class StanzaTracer extends DefaultTracer {
    private static final Logger LOG = LoggerFactory.getLogger("org.apache.camel.Tracing");

    /** The branches of a {@code doTry}: Camel passes them whether there is something to catch or not. */
    private static final Set<String> BRANCHES = Set.of("doCatch", "doFinally");

    /** One that is as enabled as the context wants its tracer to be: on standby it prints nothing until somebody enables it. */
    static StanzaTracer of(CamelContext context) {
        StanzaTracer tracer = new StanzaTracer();
        tracer.setEnabled(context.isTracing() && !context.isTracingStandby());
        tracer.setStandby(context.isTracingStandby());
        tracer.setTraceTemplates(context.isTracingTemplates());
        tracer.setTraceRests(context.isTracingRests());
        return tracer;
    }

    @Override
    public void traceBeforeNode(NamedNode node, Exchange exchange) {
        if (shouldTrace(node) && !BRANCHES.contains(node.getShortName())) {
            dumpTrace(line(exchange, ExchangeHelper.getRouteId(exchange), node.getId()), node);
        }
    }

    /** Prints nothing: the step has had its line, and the URI that Camel would print tells more than a log should. */
    @Override
    public void traceSentNode(NamedNode node, Exchange exchange, Endpoint endpoint, long elapsed) {}

    @Override
    public void traceBeforeRoute(NamedRoute route, Exchange exchange) {
        dumpTrace(line(exchange, route.getRouteId(), "begins"), route);
    }

    @Override
    public void traceAfterRoute(NamedRoute route, Exchange exchange) {
        dumpTrace(line(exchange, route.getRouteId(), exchange.isFailed() ? "failed" : "ends"), route);
    }

    /** One logger for all. Camel has one for each line of the routes, by the file's name, whose level nobody has set. */
    @Override
    protected void dumpTrace(String line, Object node) {
        LOG.info(line);
    }

    private static String line(Exchange exchange, String route, String step) {
        Object body = exchange.getMessage().getBody();
        // What a step of the operator's puts there may be a payload.
        Object shown = body instanceof Stanza ? body : ObjectHelper.className(body);
        return exchange.getExchangeId() + ' ' + route + " > " + step + "  " + shown;
    }
}
