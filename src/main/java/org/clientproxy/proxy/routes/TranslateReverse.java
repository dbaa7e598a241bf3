package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pending.ReverseRequest;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The step {@code translate-reverse}: rewrites the addresses of a request of a session of the target, so that it comes from the
 * address that the requester used and goes to the requester. The {@link ReverseRequest} knows from then on under which
 * correlation key.
 */
public final class TranslateReverse implements Processor {
    private final Conversations conversations;
    private final StreamLoop loop;
    private final AttemptIds ids;
    private final int maxStanzaSize;

    public TranslateReverse(Conversations conversations, StreamLoop loop, AttemptIds ids, ProxySettings settings) {
        this.conversations = conversations;
        this.loop = loop;
        this.ids = ids;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void process(Exchange exchange) {
        ReverseRequest pending = (ReverseRequest) Correlation.pending(exchange);
        exchange.getMessage().setBody(translate(pending));
    }

    /** The id may change, for two sessions may use one id to one requester. */
    private Stanza translate(ReverseRequest pending) {
        Jid from = pending.from();
        AttemptIds.Chosen chosen = ids.choose(pending, pending.asked(), from);
        Stanza translated = pending.request().readdressed(from, pending.asked(), chosen.id());
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        pending.send(chosen.key(), loop.nanoTime());
        conversations.spoke(new Conversation(pending.asked(), from), pending.requester);
        return translated;
    }
}
