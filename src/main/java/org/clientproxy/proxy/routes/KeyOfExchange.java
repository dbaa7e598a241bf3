package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.Ending;
import org.clientproxy.proxy.pending.PendingRequest;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * The expression {@code key}: the {@link CorrelationKey} of an exchange. It is that of the present attempt at
 * the request which the exchange is about, else the one that the addresses and the id of a reply spell.
 */
public final class KeyOfExchange implements Expression {
    /** The key of the request that the message is about, else the one that it spells as a reply; null where it is neither. */
    static @Nullable String of(Message message) {
        PendingRequest pending = message.getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        if (pending != null) {
            // A slow attempt stays open, so what is done about it has a group of its own.
            boolean slow = pending.isOpen() && message.getHeader(ProxyHeaders.ENDING) == Ending.SLOW;
            return slow ? CorrelationKey.OF_NO_GROUP : pending.key();
        }
        return message.getBody() instanceof Stanza stanza && stanza.isReply() && stanza.id() != null
                ? CorrelationKey.of(stanza.fromJid().key(), stanza.toJid().key(), stanza.id())
                : null;
    }

    @Override
    @SuppressWarnings("NullAway") // The aggregator takes null for "no key", and says so.
    public <T> T evaluate(Exchange exchange, Class<T> type) {
        return type.cast(of(exchange.getMessage()));
    }
}
