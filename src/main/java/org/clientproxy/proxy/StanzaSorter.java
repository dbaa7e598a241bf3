package org.clientproxy.proxy;

import org.apache.camel.Exchange;
import org.apache.camel.Predicate;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/**
 * Says what a stanza is to the proxy; the routes ask it by the predicates {@code is-request}, {@code is-reply} and so on.
 * Errors and results are never sorted to where something is answered (RFC 6120 §8.2.3, §8.3.1).
 */
final class StanzaSorter {
    /** Whether the body of an exchange is a stanza of this sort. */
    private final class Is implements Predicate {
        private final StanzaSort sort;

        Is(StanzaSort sort) {
            this.sort = sort;
        }

        @Override
        public boolean matches(Exchange exchange) {
            return exchange.getMessage().getBody() instanceof Stanza stanza && sort(stanza) == sort;
        }
    }

    private final Jid target;
    private final JatCodec jat;

    StanzaSorter(Jid target, JatCodec jat) {
        this.target = target;
        this.jat = jat;
    }

    Predicate is(StanzaSort sort) {
        return new Is(sort);
    }

    StanzaSort sort(Stanza stanza) {
        return switch (stanza.kind()) {
            case IQ -> sortIq(stanza);
            case PRESENCE -> sortPresence(stanza);
            case MESSAGE -> sortMessage(stanza);
        };
    }

    private StanzaSort sortIq(Stanza iq) {
        if (iq.id() == null) {
            return StanzaSort.IGNORED;
        }
        if (iq.isReply()) {
            return StanzaSort.REPLY;
        }
        if (!iq.isRequest()) {
            return StanzaSort.IGNORED;
        }
        return iq.children() == 1 && !isReverse(iq) ? StanzaSort.REQUEST : StanzaSort.UNSUPPORTED;
    }

    /** Whether a resource of the target sends a request of its own to a requester, by what stands for it. */
    private boolean isReverse(Stanza iq) {
        Jid from = iq.fromJid();
        if (!from.sameBare(target)) {
            return false;
        }
        Jid to = iq.toJid();
        return to.local() == null && to.resource() != null && jat.mayStandForSomebody(to.resource());
    }

    private StanzaSort sortPresence(Stanza presence) {
        if (presence.fromJid().sameBare(target)) {
            return StanzaSort.TARGET_PRESENCE;
        }
        return "subscribe".equals(presence.type()) ? StanzaSort.UNSUPPORTED : StanzaSort.IGNORED;
    }

    private static StanzaSort sortMessage(Stanza message) {
        String type = message.type();
        boolean silent = "error".equals(type) || "headline".equals(type) || "groupchat".equals(type);
        return silent ? StanzaSort.IGNORED : StanzaSort.UNSUPPORTED;
    }
}
