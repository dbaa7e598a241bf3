package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * The key by which a reply finds its request: resource, encoded-from and id on the wire. All three must be as they were
 * sent, so a wrong sender, token or id finds nothing. As an expression it gives the key of an exchange: that of the request
 * which it is about, else the one that the addresses and the id of a reply spell.
 */
final class CorrelationKey implements Expression {
    /** The first two are folded full addresses. */
    static String of(String resource, String encodedFrom, String id) {
        // No address holds a line feed, and the id comes last, so no two triples give one key.
        return resource + '\n' + encodedFrom + '\n' + id;
    }

    /** The key that the addresses and the id of a reply spell; null without an id. */
    static @Nullable String ofReply(Stanza reply) {
        String id = reply.id();
        return id == null ? null : of(reply.fromJid().key(), reply.toJid().key(), id);
    }

    static @Nullable String of(Exchange exchange) {
        PendingRequest pending = exchange.getMessage().getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        if (pending != null) {
            return pending.key();
        }
        return exchange.getMessage().getBody() instanceof Stanza stanza && stanza.isReply() ? ofReply(stanza) : null;
    }

    @Override
    @SuppressWarnings("NullAway") // The aggregator takes null for "no key", and says so.
    public <T> T evaluate(Exchange exchange, Class<T> type) {
        return type.cast(of(exchange));
    }
}
