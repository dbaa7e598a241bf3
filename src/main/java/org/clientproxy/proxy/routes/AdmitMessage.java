package org.clientproxy.proxy.routes;

import org.apache.camel.AsyncCallback;
import org.apache.camel.Exchange;
import org.apache.camel.support.AsyncProcessorSupport;
import org.clientproxy.proxy.conversations.Conversation;
import org.clientproxy.proxy.hooks.MessageGate;
import org.clientproxy.proxy.hooks.ProxyHeaders;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaErrorException;

/**
 * The steps {@code admit-message} and {@code admit-reverse-message}: refuse a message at once where the rules or the limits say
 * so, else bring it to the {@link MessageGate}. What is known of it is in the header {@link ProxyHeaders#MESSAGE} in either case.
 */
public final class AdmitMessage extends AsyncProcessorSupport {
    private final MessageAccess access;
    private final ReverseAddresses addresses;
    private final MessageGate gate;

    /** @param access says whose messages these are */
    public AdmitMessage(MessageAccess access, ReverseAddresses addresses, MessageGate gate) {
        this.access = access;
        this.addresses = addresses;
        this.gate = gate;
    }

    @Override
    public boolean process(Exchange exchange, AsyncCallback callback) {
        Stanza message = exchange.getMessage().getBody(Stanza.class);
        Conversation conversation;
        try {
            conversation = conversation(message);
            exchange.getMessage()
                    .setHeader(
                            ProxyHeaders.MESSAGE,
                            new PassedMessage(message, conversation, access.isOut(), access.counters()));
            admit(exchange, message, conversation);
        } catch (RuntimeException e) {
            exchange.setException(e);
            callback.done(true);
            return true;
        }
        if (exchange.isRouteStop()) {
            callback.done(true);
            return true;
        }
        return gate.pass(exchange, message, conversation.requester(), access.isOut(), callback);
    }

    private Conversation conversation(Stanza message) {
        if (!access.isOut()) {
            return new Conversation(message.fromJid(), message.toJid());
        }
        ReverseAddresses.Meant meant = addresses.meantByMessage(message);
        if (meant == null) {
            throw new IllegalStateException("a message to nobody");
        }
        return new Conversation(meant.asked(), meant.from());
    }

    /** All but the gate. */
    private void admit(Exchange exchange, Stanza message, Conversation conversation) {
        if (!access.isInTime(conversation)) {
            if (PassedMessage.isAnswered(message) && access.mayTell(conversation)) {
                throw new StanzaErrorException(ProxyErrors.TOO_FAST);
            }
            exchange.setRouteStop(true);
            return;
        }
        StanzaError refusal = access.refusal(conversation);
        if (refusal != null) {
            throw new StanzaErrorException(refusal);
        }
    }
}
