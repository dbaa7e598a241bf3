package org.clientproxy.proxy.routes;

import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Decision;
import org.clientproxy.proxy.pending.Decisions;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The step {@code decide}: writes what the {@link Decisions} say of a request whose attempt has ended into the exchange. */
public final class Decide implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(Decide.class);

    private final PendingRequests pendingRequests;
    private final Decisions decisions;
    private final ProxyCounters counters;
    private final Consumer<PooledResource> unexplained;

    /** @param unexplained hears of a resource from which a request came back though it is in the pool */
    public Decide(PendingRequests pendingRequests, ProxyCounters counters, Consumer<PooledResource> unexplained) {
        this.pendingRequests = pendingRequests;
        this.decisions = pendingRequests.decisions();
        this.counters = counters;
        this.unexplained = unexplained;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        PendingRequest pending = message.getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        Ending ending = message.getHeader(ProxyHeaders.ENDING, Ending.class);
        // Should this exchange fail from here on, it is not to end the next attempt too.
        message.removeHeader(ProxyHeaders.ENDING);
        Decision decision = pending == null ? Decision.DROP : decisions.decide(pending, ending);
        if (decision.unexplained() != null) {
            unexplained.accept(decision.unexplained());
        }
        Verdict verdict = Verdict.ANSWER;
        switch (decision.kind()) {
            case PASS_ON -> {
                // The body is the answer.
            }
            case ANSWER -> message.setBody(Objects.requireNonNull(decision.answer()));
            case RETRY -> {
                counters.retried();
                LOG.debug("another resource is tried, for the last one is {}: {}", ending, pending);
                verdict = attempt(message, Objects.requireNonNull(pending));
            }
            case ATTEMPT -> verdict = attempt(message, Objects.requireNonNull(pending));
            case WAIT -> {
                pendingRequests.goOn(Objects.requireNonNull(pending));
                verdict = Verdict.DROP;
            }
            case DROP -> {
                if (pending == null) {
                    counters.dropped(ProxyCounters.Drop.UNEXPECTED_REPLY);
                }
                LOG.debug("dropped, for it answers no pending request: {}", message.getBody());
                verdict = Verdict.DROP;
            }
        }
        message.setHeader(ProxyHeaders.VERDICT, verdict.key());
    }

    private static Verdict attempt(Message message, PendingRequest pending) {
        message.setBody(pending.request());
        return Verdict.ATTEMPT;
    }
}
