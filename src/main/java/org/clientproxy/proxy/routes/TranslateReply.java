package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.hooks.ProxyEvents;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ReverseRequest;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.stats.RecentErrors;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;

/**
 * The step {@code translate-reply}: rewrites the addresses of an answer, so that it comes from exactly the address that the
 * requester used and bears the requester's id, and marks the request as answered. Where a session of the target asked, it is the
 * one who used the address.
 */
public final class TranslateReply implements Processor {
    private final PendingRequests pendingRequests;
    private final Conversations conversations;
    private final StreamLoop loop;
    private final ProxyCounters counters;
    private final RecentErrors errors;
    private final ProxyEvents events;

    public TranslateReply(
            PendingRequests pendingRequests,
            Conversations conversations,
            StreamLoop loop,
            ProxyCounters counters,
            RecentErrors errors,
            ProxyEvents events) {
        this.pendingRequests = pendingRequests;
        this.conversations = conversations;
        this.loop = loop;
        this.counters = counters;
        this.errors = errors;
        this.events = events;
    }

    @Override
    public void process(Exchange exchange) {
        PendingRequest pending = Correlation.pending(exchange);
        Stanza request = pending.request();
        Stanza answer = exchange.getMessage().getBody(Stanza.class);
        boolean ours = Objects.equals(request.to(), answer.from());
        exchange.getMessage()
                .setBody(answer.readdressed(request.toJid(), pending.requester, Objects.requireNonNull(request.id())));
        if (!pendingRequests.answer(pending)) {
            throw new IllegalStateException("a second answer to " + pending);
        }
        ProxyCounters.Outcome outcome = ours
                ? ProxyCounters.Outcome.REFUSED
                : "result".equals(answer.type()) ? ProxyCounters.Outcome.RESULT : ProxyCounters.Outcome.ERROR;
        if (pending instanceof ReverseRequest reverse) {
            counters.reverse().answered(outcome);
            if (!ours) {
                conversations.spoke(new Conversation(reverse.asked(), reverse.from()), pending.requester);
            }
            if (outcome != ProxyCounters.Outcome.RESULT) {
                errors.answered(pending.requester, reverse.asked(), answer, ours);
            }
            return;
        }
        long nanos = loop.nanoTime() - pending.startedAt;
        counters.answered(outcome, nanos);
        PooledResource resource = pending.resource();
        if (resource != null) {
            resource.counters().answered(outcome, nanos);
        }
        if (outcome != ProxyCounters.Outcome.RESULT) {
            errors.answered(pending.requester, resource == null ? null : resource.jid(), answer, ours);
        }
        events.answering(exchange, pending, outcome, nanos);
    }
}
