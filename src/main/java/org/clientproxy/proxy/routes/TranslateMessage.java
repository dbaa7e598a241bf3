package org.clientproxy.proxy.routes;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.conversations.Conversations;
import org.clientproxy.proxy.conversations.WrittenByName;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.jat.LateRequesters;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.stream.StreamLoop;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The steps {@code translate-message} and {@code translate-reverse-message}: rewrite the addresses of a message (JAT), and nothing
 * else of it. A requester's comes from its encoded-from, an error from the name by which a session wrote what it is about, and goes to the resource that the step {@code choose-holder} has put into
 * the header {@link ProxyHeaders#RESOURCE}; that of a session of the target comes from the address that the requester used.
 */
public final class TranslateMessage implements Processor {
    private final Conversations conversations;
    private final WrittenByName names;
    private final JatCodec jat;
    private final LateRequesters late;
    private final StreamLoop loop;
    private final int maxStanzaSize;

    public TranslateMessage(
            Conversations conversations, JatCodec jat, LateRequesters late, StreamLoop loop, ProxySettings settings) {
        this.conversations = conversations;
        this.names = new WrittenByName(loop);
        this.jat = jat;
        this.late = late;
        this.loop = loop;
        this.maxStanzaSize = settings.stream().maxStanzaSize();
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        PassedMessage passed = ChooseHolder.passed(exchange);
        Stanza translated;
        if (passed.isOut()) {
            translated = toRequester(passed);
        } else if (message.getHeader(ProxyHeaders.RESOURCE) instanceof PooledResource resource) {
            translated = toResource(passed, resource);
        } else {
            throw new IllegalStateException("the header " + ProxyHeaders.RESOURCE
                    + " holds no resource of the pool: the step choose-holder sets it, and no other step changes it");
        }
        if (translated.octets() > maxStanzaSize) {
            throw new StanzaErrorException(ProxyErrors.TOO_LARGE);
        }
        passed.counters().count(MessageCounters.Fate.PASSED);
        message.setBody(translated);
    }

    private Stanza toResource(PassedMessage passed, PooledResource resource) {
        Stanza message = passed.message();
        Jid name = PassedMessage.isError(message) ? names.find(passed.conversation(), message.id()) : null;
        return message.readdressed(name == null ? isKnown(passed.conversation()) : name, resource.jid());
    }

    private Stanza toRequester(PassedMessage passed) {
        Conversation conversation = passed.conversation();
        Stanza message = passed.message();
        isKnown(conversation);
        if (!PassedMessage.isError(message)) {
            conversations.spoke(conversation, message.fromJid());
            // Of our addresses a session means a requester by its encoded-from, which has no localpart, or by name.
            names.wrote(conversation, message.id(), message.toJid().local() == null ? null : message.toJid());
        }
        return message.readdressed(conversation.addressUsed(), conversation.requester());
    }

    /** The requester's encoded-from, by which it is known from now on, where that does not say by itself who it is. */
    private Jid isKnown(Conversation conversation) {
        String requester = conversation.requester().toString();
        String addressUsed = conversation.addressUsed().toString();
        Jid encodedFrom = jat.encodedFrom(requester, addressUsed);
        late.wrote(encodedFrom, requester, addressUsed, loop.nanoTime());
        return encodedFrom;
    }
}
