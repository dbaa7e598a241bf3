package org.clientproxy.proxy;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** The step {@code key-reply}: gives a reply the correlation key that its addresses and its id spell. */
final class KeyReply implements Processor {
    @Override
    public void process(Exchange exchange) {
        Stanza reply = exchange.getMessage().getBody(Stanza.class);
        Jid to = reply.toJid();
        // A reply to node@domain/resource is to nobody whom we sent a request for.
        String encodedFrom = to.local() != null || to.resource() == null ? "" : to.resource();
        String key = CorrelationKey.of(reply.fromJid().key(), encodedFrom, Objects.requireNonNull(reply.id()));
        exchange.getMessage().setHeader(ProxyHeaders.KEY, key);
        exchange.getMessage().setHeader(ProxyHeaders.ENDING, Ending.REPLY);
    }
}
