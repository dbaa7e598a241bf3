package org.clientproxy.proxy.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.conversations.HeldMessages;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code choose-holder}: enriches a requester's message with the resource that holds its conversation, in the header
 * {@link ProxyHeaders#RESOURCE}. An error goes to nobody else. While it is not known who is there, the exchange waits. Used on the
 * loop only.
 */
public final class ChooseHolder extends AsyncProcessorSupport {
    private final ResourcePool pool;
    private final Conversations conversations;
    private final HeldMessages held;
    private final PendingRequests pendingRequests;

    public ChooseHolder(
            ResourcePool pool, Conversations conversations, HeldMessages held, PendingRequests pendingRequests) {
        this.pool = pool;
        this.conversations = conversations;
        this.held = held;
        this.pendingRequests = pendingRequests;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        PassedMessage passed = passed(exchange);
        if (!held.mustWait()) {
            choose(exchange, passed);
            callback.done(true);
            return true;
        }
        Stanza message = passed.message();
        exchange.getMessage().setBody(message.compact(message.toJid()));
        boolean waits = held.hold(message.octets(), () -> {
            choose(exchange, passed);
            callback.done(false);
        });
        if (!waits) {
            exchange.setException(new StanzaErrorException(ProxyErrors.TOO_MANY_MESSAGES));
            callback.done(true);
            return true;
        }
        return false;
    }

    static PassedMessage passed(Exchange exchange) {
        if (exchange.getMessage().getHeader(ProxyHeaders.MESSAGE) instanceof PassedMessage passed) {
            return passed;
        }
        throw new IllegalStateException("the header " + ProxyHeaders.MESSAGE
                + " holds no message: the step admit-message sets it, and no other step changes it");
    }

    private void choose(Exchange exchange, PassedMessage passed) {
        boolean error = PassedMessage.isError(passed.message());
        PooledResource resource = null;
        if (pool.isConfirmed()) {
            resource =
                    error ? conversations.holder(passed.conversation()) : conversations.choose(passed.conversation());
        }
        if (resource != null) {
            exchange.getMessage().setHeader(ProxyHeaders.RESOURCE, resource);
        } else if (error) {
            passed.counters().count(MessageCounters.Fate.DROPPED);
            exchange.setRouteStop(true);
        } else if (pendingRequests.isDraining()) {
            exchange.setException(new StanzaErrorException(ProxyErrors.STOPPING));
        } else {
            exchange.setException(new StanzaErrorException(
                    pool.isConfirmed() ? ProxyErrors.NO_RESOURCE : ProxyErrors.MESSAGE_NOT_SENT));
        }
    }
}
