package org.clientproxy.proxy;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what is done with a request whose attempt has ended: answer, attempt again, or nothing. The whole table of
 * failover stands here ({@code docs/protocol.md}).
 */
final class Decide implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(Decide.class);

    private final ResourcePool pool;
    private final StreamLoop loop;
    private final ProxyCounters counters;
    private final int attempts;
    private final boolean retrySet;

    Decide(ResourcePool pool, StreamLoop loop, ProxyCounters counters, ProxySettings settings) {
        this.pool = pool;
        this.loop = loop;
        this.counters = counters;
        this.attempts = settings.attempts();
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
            case BOUNCED -> answer(exchange, Objects.requireNonNull(pending.bounce()));
            case GONE -> {
                boolean harmless = pending.isGet() || retrySet && pending.undelivered();
                if (harmless && mayTryAgain(pending)) {
                    counters.retried();
                    LOG.debug("the resource is gone, trying another one: {}", pending);
                    attempt(exchange, request);
                } else {
                    answer(exchange, request.error(ProxyErrors.RESOURCE_GONE));
                }
            }
            case EXPIRED ->
                answer(exchange, request.error(pending.isHeld() ? ProxyErrors.NOT_DECIDED : ProxyErrors.TIMEOUT));
            case STOPPED -> answer(exchange, request.error(ProxyErrors.STOPPING));
            case NOT_TAKEN_UP -> answer(exchange, request.error(ProxyErrors.NOT_TAKEN_UP));
            case CONFIRMED -> attempt(exchange, request);
            // The body is the answer: the resource's, or the one that the step fail made.
            case REPLY, FAILED -> answer(exchange, exchange.getMessage().getBody(Stanza.class));
        }
    }

    private boolean mayTryAgain(PendingRequest pending) {
        return pending.tried().size() < attempts
                && pending.deadline - loop.nanoTime() > 0
                && (!pool.isConfirmed() || pool.hasChoice(pending.requester, pending.tried()));
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
