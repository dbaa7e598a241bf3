package org.clientproxy.proxy;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Stanza;

/**
 * The step {@code translate-reply}: rewrites the addresses of an answer, so that it comes from exactly the address that the
 * requester used and bears the requester's id, and marks the request as answered.
 */
final class AnswerRequest implements Processor {
    private final PendingRequests pendingRequests;
    private final ProxyCounters counters;

    AnswerRequest(PendingRequests pendingRequests, ProxyCounters counters) {
        this.pendingRequests = pendingRequests;
        this.counters = counters;
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        Stanza request = pending.request;
        Stanza answer = exchange.getMessage().getBody(Stanza.class);
        boolean ours = Objects.equals(request.to(), answer.from());
        exchange.getMessage()
                .setBody(answer.readdressed(request.toJid(), pending.requester, Objects.requireNonNull(request.id())));
        if (!pendingRequests.answer(pending)) {
            throw new IllegalStateException("a second answer to " + pending);
        }
        counters.answered(
                ours
                        ? ProxyCounters.Outcome.REFUSED
                        : "result".equals(answer.type()) ? ProxyCounters.Outcome.RESULT : ProxyCounters.Outcome.ERROR);
    }
}
