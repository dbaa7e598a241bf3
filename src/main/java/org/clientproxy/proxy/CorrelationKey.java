package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Expression;
import org.apache.camel.Message;
import org.clientproxy.xmpp.Stanza;
import org.jspecify.annotations.Nullable;

/**
 * The key by which a reply finds its request: resource, encoded-from and id on the wire. All three must be as they were
 * sent, so a wrong sender, token or id finds nothing. As an expression it gives the key of an exchange: that of the request
 * which it is about, else the one that the addresses and the id of a reply spell.
 */
final class CorrelationKey implements Expression {
    /** The longest id, in characters, that goes out as it came: what a requester chooses is part of a key in the memory. */
    static final int LONGEST_ID = 128;

    /** The first two are folded full addresses. */
    static String of(String resource, String encodedFrom, String id) {
        // No address holds a line feed, and the id comes last, so no two triples give one key.
        return resource + '\n' + encodedFrom + '\n' + id;
    }

    /** The key of the request that the message is about, else the one that it spells as a reply; null where it is neither. */
    static @Nullable String of(Message message) {
        PendingRequest pending = message.getHeader(ProxyHeaders.REQUEST, PendingRequest.class);
        if (pending != null) {
            return pending.key();
        }
        return message.getBody() instanceof Stanza stanza && stanza.isReply() && stanza.id() != null
                ? of(stanza.fromJid().key(), stanza.toJid().key(), stanza.id())
                : null;
    }

    @Override
    @SuppressWarnings("NullAway") // The aggregator takes null for "no key", and says so.
    public <T> T evaluate(Exchange exchange, Class<T> type) {
        return type.cast(of(exchange.getMessage()));
    }
}
