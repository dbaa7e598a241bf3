package org.clientproxy.stream;

import org.clientproxy.stream.StanzaNotSentException.Reason;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;

/** What a stanza must be to be sent: one that is wrong would make the server end the stream for all. */
final class OutboundCheck {
    private final Jid domain;
    private final int maxStanzaSize;

    OutboundCheck(Jid domain, int maxStanzaSize) {
        this.domain = domain;
        this.maxStanzaSize = maxStanzaSize;
    }

    void check(Stanza stanza) throws StanzaNotSentException {
        try {
            if (!stanza.fromJid().sameDomain(domain)) {
                throw new StanzaNotSentException(
                        Reason.INVALID, "from must be an address in " + domain + ": " + stanza);
            }
            // That there is one is all that is asked of it.
            stanza.toJid();
        } catch (IllegalArgumentException e) {
            throw new StanzaNotSentException(Reason.INVALID, "from and to must be addresses: " + stanza);
        }
        if (!stanza.isChecked()) {
            try {
                StanzaXml.parse(stanza.toBytes());
            } catch (IllegalArgumentException e) {
                throw new StanzaNotSentException(
                        Reason.INVALID, "the content is wrong, " + e.getMessage() + ": " + stanza);
            }
        }
        if (stanza.octets() > maxStanzaSize) {
            throw new StanzaNotSentException(
                    Reason.TOO_LARGE, "larger than maxStanzaSize, which is " + maxStanzaSize + " octets: " + stanza);
        }
    }
}
