package org.clientproxy.proxy.routes;

import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Attempts;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code decide}: decides what is done with a request whose attempt has ended: answer, attempt again, or nothing. The whole table of
 * failover stands here ({@code docs/protocol.md}).
 */
public final class Decide implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(Decide.class);

    private final Attempts attempts;
    private final ProxyCounters counters;
    private final Consumer<PooledResource> unexplained;
    private final boolean retrySet;

    /** @param unexplained hears of a resource from which a request came back though it is in the pool */
    public Decide(
            Attempts attempts, ProxyCounters counters, ProxySettings settings, Consumer<PooledResource> unexplained) {
        this.attempts = attempts;
        this.counters = counters;
        this.unexplained = unexplained;
        this.retrySet = settings.retrySet();
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = exchange.getMessage().getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        if (pending == null) {
            counters.dropped(ProxyCounters.Drop.UNEXPECTED_REPLY);
            LOG.debug(
                    "dropped a reply that answers no pending request: {}",
                    exchange.getMessage().getBody());
            exchange.getMessage().setHeader(ProxyHeaders.VERDICT, Verdict.DROP.key());
            return;
        }
        Ending ending = exchange.getMessage().getHeader(ProxyHeaders.ENDING, Ending.class);
        // Should this exchange fail from here on, it is not to end the next attempt too.
        exchange.getMessage().removeHeader(ProxyHeaders.ENDING);
        Stanza request = pending.request();
        switch (ending) {
            case BAD_REPLY -> answer(exchange, request.error(ProxyErrors.BAD_REPLY));
            case BOUNCED -> {
                Stanza bounce = Objects.requireNonNull(pending.bounce());
                suspect(pending, bounce);
                answer(exchange, bounce);
            }
            case GONE -> {
                boolean harmless = pending.isGet() || retrySet && pending.undelivered();
                if (harmless && attempts.mayTryAgain(pending)) {
                    tryAgain(exchange, pending);
                } else {
                    answer(exchange, request.error(ProxyErrors.RESOURCE_GONE));
                }
            }
            case REPLACED -> tryAgain(exchange, pending);
            case EXPIRED ->
                answer(exchange, request.error(pending.isHeld() ? ProxyErrors.NOT_DECIDED : ProxyErrors.TIMEOUT));
            case STOPPED -> answer(exchange, request.error(ProxyErrors.STOPPING));
            case NOT_TAKEN_UP -> answer(exchange, request.error(ProxyErrors.NOT_TAKEN_UP));
            case CONFIRMED -> attempt(exchange, request);
            // The body is the answer: the resource's, or the one that the step fail made.
            case REPLY, FAILED -> answer(exchange, exchange.getMessage().getBody(Stanza.class));
        }
    }

    private void tryAgain(Exchange exchange, PendingRequest pending) {
        counters.retried();
        LOG.debug("the session is gone, trying another one: {}", pending);
        attempt(exchange, pending.request());
    }

    /** A server says so of a session that it does not find; but a session may say so itself. */
    private void suspect(PendingRequest pending, Stanza bounce) {
        PooledResource resource = pending.resource();
        StanzaError error = StanzaXml.errorOf(bounce);
        if (resource != null && error != null && error.condition() == Condition.SERVICE_UNAVAILABLE) {
            unexplained.accept(resource);
        }
    }

    private static void answer(Exchange exchange, Stanza answer) {
        exchange.getMessage().setBody(answer);
        exchange.getMessage().setHeader(ProxyHeaders.VERDICT, Verdict.ANSWER.key());
    }

    private static void attempt(Exchange exchange, Stanza request) {
        exchange.getMessage().setBody(request);
        exchange.getMessage().setHeader(ProxyHeaders.VERDICT, Verdict.ATTEMPT.key());
    }
}
