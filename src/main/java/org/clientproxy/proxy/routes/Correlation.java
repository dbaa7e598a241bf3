package org.clientproxy.proxy.routes;
import org.clientproxy.proxy.stats.ProxyCounters;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.hooks.ProxyHeaders;

import java.time.Duration;
import java.util.Objects;
import org.apache.camel.AggregationStrategy;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Predicate;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;

/**
 * Brings an attempt at a request together with its one ending: the strategy of the Aggregate EIP in the route
 * {@code correlate}, and the predicate that says when a group is complete. It is total and never throws.
 *
 * <p>A group is opened by the request and completed by the first {@link Ending}. The one exception is a bounce, an error
 * by which a server says that the session is gone: while the pool still lists the resource it is kept in the group, until
 * the presence comes that explains it or {@link PendingRequests} says that none came.
 */
public final class Correlation implements AggregationStrategy, Predicate {
    /** A {@code service-unavailable} within this time of sending comes from a server that did not find the session. */
    private static final long UNDELIVERED_NANOS = Duration.ofSeconds(2).toNanos();

    private final StreamLoop loop;
    private final ProxyCounters counters;

    public Correlation(StreamLoop loop, ProxyCounters counters) {
        this.loop = loop;
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
        if (pending.bounce() != null) {
            // The first reply counts; this second one is nobody's.
            return group;
        }
        Message message = arriving.getMessage();
        Ending ending = ending(pending, message.getBody(Stanza.class));
        if (ending == Ending.BOUNCED) {
            PooledResource resource = pending.resource();
            if (resource != null && resource.isListed()) {
                return group;
            }
            ending = Ending.GONE;
        } else {
            pending.replied();
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

    /**
     * What a reply is to its request. It was read whole; a result has at most one child, and an error has an {@code <error/>} (RFC 6120 §8.2.3,
     * §8.3.1); how old or odd that error is otherwise, is its sender's matter. The error is read here, and nowhere else on
     * the way of a stanza.
     */
    private Ending ending(PendingRequest pending, Stanza reply) {
        if (reply.isTruncated()) {
            return Ending.BAD_REPLY;
        }
        if ("result".equals(reply.type())) {
            return reply.children() <= 1 ? Ending.REPLY : Ending.BAD_REPLY;
        }
        StanzaError error = StanzaXml.errorOf(reply);
        if (error == null) {
            return Ending.BAD_REPLY;
        }
        boolean notFound = error.condition() == Condition.SERVICE_UNAVAILABLE;
        if (!notFound && error.condition() != Condition.RECIPIENT_UNAVAILABLE) {
            return Ending.REPLY;
        }
        long now = loop.nanoTime();
        pending.bounced(reply, notFound && pending.age(now) <= UNDELIVERED_NANOS, now);
        return Ending.BOUNCED;
    }
}
