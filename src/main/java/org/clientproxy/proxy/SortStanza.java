package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The step {@code sort}: says what a stanza is to the proxy, in the header {@link ProxyHeaders#SORT}, and gives a reply the
 * correlation key that its addresses and its id spell. Errors and results are never sorted to where something is answered
 * (RFC 6120 §8.2.3, §8.3.1).
 */
final class SortStanza implements Processor {
    private static final Logger LOG = LoggerFactory.getLogger(SortStanza.class);

    private final Jid target;
    private final JatCodec jat;
    private final ProxyCounters counters;

    SortStanza(Jid target, JatCodec jat, ProxyCounters counters) {
        this.target = target;
        this.jat = jat;
        this.counters = counters;
    }

    @Override
    public void process(Exchange exchange) {
        Message message = exchange.getMessage();
        Stanza stanza = message.getBody(Stanza.class);
        StanzaSort sort =
                switch (stanza.kind()) {
                    case IQ -> sortIq(stanza);
                    case PRESENCE -> sortPresence(stanza);
                    case MESSAGE -> sortMessage(stanza);
                };
        message.setHeader(ProxyHeaders.SORT, sort.key());
        if (sort == StanzaSort.REPLY) {
            message.setHeader(ProxyHeaders.KEY, CorrelationKey.ofReply(stanza));
            message.setHeader(ProxyHeaders.ENDING, Ending.REPLY);
        }
    }

    /** Whether an IQ request is one that is proxied. */
    boolean isProxied(Stanza request) {
        return sortIq(request) == StanzaSort.REQUEST;
    }

    private StanzaSort sortIq(Stanza iq) {
        if (iq.id() == null) {
            return ignored(iq, ProxyCounters.Drop.MALFORMED_IQ);
        }
        if (iq.isReply()) {
            counters.replied();
            return StanzaSort.REPLY;
        }
        if (!iq.isRequest()) {
            return ignored(iq, ProxyCounters.Drop.MALFORMED_IQ);
        }
        return iq.children() == 1 && !isReverse(iq) ? StanzaSort.REQUEST : StanzaSort.UNSUPPORTED;
    }

    /** Whether a resource of the target sends a request of its own to a requester, by the token that stands for it. */
    private boolean isReverse(Stanza iq) {
        Jid from = iq.fromJid();
        if (!from.sameBare(target)) {
            return false;
        }
        Jid to = iq.toJid();
        return to.local() == null && to.resource() != null && jat.verifies(to.resource());
    }

    private StanzaSort sortPresence(Stanza presence) {
        if (presence.fromJid().sameBare(target)) {
            return StanzaSort.TARGET_PRESENCE;
        }
        return "subscribe".equals(presence.type())
                ? StanzaSort.UNSUPPORTED
                : ignored(presence, ProxyCounters.Drop.STRANGERS_PRESENCE);
    }

    private StanzaSort sortMessage(Stanza message) {
        String type = message.type();
        boolean silent = "error".equals(type) || "headline".equals(type) || "groupchat".equals(type);
        return silent ? ignored(message, ProxyCounters.Drop.MESSAGE) : StanzaSort.UNSUPPORTED;
    }

    private StanzaSort ignored(Stanza stanza, ProxyCounters.Drop reason) {
        counters.dropped(reason);
        LOG.debug("dropped, {}: {}", reason, stanza);
        return StanzaSort.IGNORED;
    }
}
