package org.clientproxy.proxy.routes;

import java.util.Objects;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.Decisions;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * Brings an attempt at a request together with its one ending: the strategy of the Aggregate EIP in the route
 * {@code correlate}, and the predicate that says when a group is complete. It is total and never throws.
 *
 * <p>A group is opened by the request and completed by the first {@link Ending}. The one exception is a bounce, an error
 * by which a server says that the session is gone: while the pool still lists the resource it is kept in the group, until
 * the presence comes that explains it or there has been time for it. What a reply is, the {@link Decisions} say. That an attempt
 * is slow ends it not: it stays a group, and what is done about it goes through as a group of its own. So a request may be in
 * several groups, and the first reply to any of them is its answer.
 */
public final class Correlation implements AggregationStrategy, Predicate {
    private final Decisions decisions;
    private final ProxyCounters counters;

    public Correlation(Decisions decisions, ProxyCounters counters) {
        this.decisions = decisions;
        this.counters = counters;
    }

    /** The request that an exchange of a group is about. */
    public static PendingRequest pending(Exchange exchange) {
        return Objects.requireNonNull(
                exchange.getMessage().getHeader(ProxyHeaders.REQUEST, PendingRequest.class),
                "an exchange without its request");
    }

    /** The open group, if there is one, and what comes to it; called under the aggregator's lock. */
    @Override
    public Exchange aggregate(@Nullable Exchange group, Exchange arriving) {
        boolean reply = isReply(arriving);
        if (reply) {
            counters.replied();
        }
        return reply && group != null ? answered(group, arriving) : arriving;
    }

    /** A reply has come to its request. */
    private Exchange answered(Exchange group, Exchange arriving) {
        PendingRequest pending = pending(group);
        Message message = arriving.getMessage();
        String key = pending.hasOthers() ? KeyOfExchange.of(message) : null;
        Ending ending = decisions.onReply(pending, key, message.getBody(Stanza.class));
        if (ending == null) {
            return group;
        }
        message.setHeader(ProxyHeaders.REQUEST, pending);
        message.setHeader(ProxyHeaders.ENDING, ending);
        return arriving;
    }

    /** Whether the group is complete: an ending has come to it, or came where there was none. */
    @Override
    public boolean matches(Exchange group) {
        return group.getMessage().getHeader(ProxyHeaders.ENDING) != null || isReply(group);
    }

    /** Whether it is a reply that was not brought to its request: all else that comes here is about a request from the first. */
    private static boolean isReply(Exchange exchange) {
        return exchange.getMessage().getHeader(ProxyHeaders.REQUEST) == null;
    }
}
