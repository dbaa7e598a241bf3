package org.clientproxy.proxy.routes;

import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.Adjustable;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.stats.MessageCounters;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.MessageCare;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of messages that the stream cannot write or read. What goes to a requester waits for the next stream, as answers
 * do. What was to go to a resource is answered, for nobody knows who will be there then. On the loop.
 */
public final class StreamMessages implements MessageCare, Adjustable {
    private static final Logger LOG = LoggerFactory.getLogger(StreamMessages.class);

    private final Jid target;
    private final ComponentStream stream;
    private final ReverseAddresses addresses;
    private final MessageAccess access;
    private boolean on;

    /** @param access that of requesters' messages */
    public StreamMessages(
            ProxySettings settings, ComponentStream stream, ReverseAddresses addresses, MessageAccess access) {
        this.target = settings.target();
        this.stream = stream;
        this.addresses = addresses;
        this.access = access;
        adjust(settings);
    }

    @Override
    public void adjust(ProxySettings now) {
        on = now.get(MessageKeys.MESSAGES);
    }

    @Override
    public boolean waits(Stanza message) {
        return !message.toJid().sameBare(target);
    }

    @Override
    public void unsent(Stanza message) {
        ReverseAddresses.Meant meant = addresses.who(message.fromJid());
        if (meant == null || meant.refusal() != null || !PassedMessage.isAnswered(message)) {
            return;
        }
        access.counters().count(MessageCounters.Fate.REFUSED);
        Stanza error = message.readdressed(meant.asked(), meant.from()).error(ProxyErrors.MESSAGE_NOT_SENT);
        try {
            stream.send(error);
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), error);
        }
    }

    @Override
    public boolean isRefused(Stanza message) {
        if (!on || !PassedMessage.isAnswered(message)) {
            return false;
        }
        boolean refused = access.isInTime(new Conversation(message.fromJid(), message.toJid()));
        if (refused) {
            access.counters().count(MessageCounters.Fate.REFUSED);
        }
        return refused;
    }
}
