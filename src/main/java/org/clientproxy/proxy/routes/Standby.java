package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePattern;
import org.apache.camel.Processor;
import org.apache.camel.spi.ExceptionHandler;
import org.apache.camel.support.DefaultExchange;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.LoggingExceptionHandler;
import org.apache.camel.support.UnitOfWorkHelper;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;

/**
 * Stands in for the proxy's own routes while they are stopped: it takes the same steps in the same order, without what somebody
 * added to them. So pending requests go on, presences of the target are seen, and nobody waits in vain. New requests are
 * refused, but for those that the proxy host answers itself. Used on the loop only.
 */
public final class Standby {
    /** The steps of the routes, by the roles of their beans. */
    public record Steps(
            StanzaRoles roles,
            Processor drop,
            Processor receivePresence,
            Processor answerUnsupported,
            Processor answerLocally,
            Correlation correlation,
            Processor decide,
            Processor choose,
            Processor translate,
            Processor translateReply,
            Processor fail) {}

    private final CamelContext context;
    private final ComponentStream stream;
    private final PendingRequests pendingRequests;
    private final PendingRepository repository;
    private final ProxyCounters counters;
    private final Steps steps;
    private Processor correlate = this::correlate;
    private ExceptionHandler failures = new LoggingExceptionHandler(null, Standby.class);

    public Standby(
            CamelContext context,
            ComponentStream stream,
            PendingRequests pendingRequests,
            ProxyCounters counters,
            Steps steps) {
        this.context = context;
        this.stream = stream;
        this.pendingRequests = pendingRequests;
        this.repository = new PendingRepository(pendingRequests);
        this.counters = counters;
        this.steps = steps;
    }

    /** Says where the routes are that are not stopped: the way to the aggregator, and to the route of failures. */
    public void beside(Processor correlation, ExceptionHandler toFailures) {
        correlate = correlation;
        failures = toFailures;
    }

    /** In place of the route that begins with the stream. */
    public void stanza(Stanza stanza) {
        Exchange exchange = new DefaultExchange(context, ExchangePattern.InOnly);
        exchange.getMessage().setBody(stanza);
        try {
            switch (steps.roles().of(stanza)) {
                case REQUEST -> {
                    counters.requested();
                    counters.answered(ProxyCounters.Outcome.REFUSED, 0);
                    exchange.getMessage().setBody(stanza.error(refusal()));
                    send(exchange);
                }
                case REVERSE -> {
                    counters.reverse().requested();
                    counters.reverse().answered(ProxyCounters.Outcome.REFUSED);
                    exchange.getMessage().setBody(stanza.error(refusal()));
                    send(exchange);
                }
                case ANSWERED_HERE -> {
                    steps.answerLocally().process(exchange);
                    send(exchange);
                }
                case REPLY -> run(correlate, exchange);
                case TARGET_PRESENCE -> steps.receivePresence().process(exchange);
                case UNSUPPORTED -> {
                    steps.answerUnsupported().process(exchange);
                    send(exchange);
                }
                case IGNORED -> steps.drop().process(exchange);
            }
        } catch (Exception e) {
            failures.handleException(null, exchange, e);
        }
    }

    private StanzaError refusal() {
        return pendingRequests.isDraining() ? ProxyErrors.STOPPING : ProxyErrors.PAUSED;
    }

    /** In place of the aggregator, and of what follows it in the route {@code correlate}. */
    public void correlate(Exchange arriving) {
        // What arrives goes on in its own route after this.
        Exchange copy = ExchangeHelper.createCopy(arriving, true);
        String key = Objects.requireNonNull(KeyOfExchange.of(copy.getMessage()), "an exchange without a key");
        Exchange group = steps.correlation().aggregate(repository.get(context, key), copy);
        if (!steps.correlation().matches(group)) {
            repository.add(context, key, group);
            return;
        }
        repository.remove(context, key, group);
        try {
            complete(group);
        } catch (Exception e) {
            failures.handleException(null, group, e);
        }
    }

    private void complete(Exchange group) throws Exception {
        steps.decide().process(group);
        switch (verdict(group)) {
            case ANSWER -> {
                steps.translateReply().process(group);
                send(group);
            }
            case ATTEMPT -> {
                steps.choose().process(group);
                if (!group.isRouteStop()) {
                    steps.translate().process(group);
                    correlate(group);
                    send(group);
                }
            }
            default -> {
                // Dropped.
            }
        }
    }

    /** In place of the route {@code failures}. */
    public void fail(Exchange exchange) throws Exception {
        steps.fail().process(exchange);
        switch (verdict(exchange)) {
            case SETTLE -> run(correlate, exchange);
            case ANSWER -> send(exchange);
            default -> {
                // It is not answered.
            }
        }
    }

    private static Verdict verdict(Exchange exchange) {
        String key = exchange.getMessage().getHeader(ProxyHeaders.VERDICT, String.class);
        for (Verdict verdict : Verdict.values()) {
            if (verdict.key().equals(key)) {
                return verdict;
            }
        }
        return Verdict.DROP;
    }

    private static void run(Processor step, Exchange exchange) throws Exception {
        step.process(exchange);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
    }

    private void send(Exchange exchange) throws StanzaNotSentException {
        stream.send(exchange.getMessage().getBody(Stanza.class));
        // There is no unit of work that would tell them.
        UnitOfWorkHelper.doneSynchronizations(
                exchange, exchange.getExchangeExtension().handoverCompletions());
    }
}
