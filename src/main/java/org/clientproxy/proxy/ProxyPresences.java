package org.clientproxy.proxy;

import org.clientproxy.proxy.pool.PresenceSender;
import org.clientproxy.stream.ComponentStream;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the presences of the proxy host over its stream. On the loop. */
final class ProxyPresences implements PresenceSender {
    private static final Logger LOG = LoggerFactory.getLogger(ProxyPresences.class);

    private final Jid domain;
    private final ComponentStream stream;

    ProxyPresences(Jid domain, ComponentStream stream) {
        this.domain = domain;
        this.stream = stream;
    }

    @Override
    public void send(String type, Jid to) {
        String shown = type.isEmpty() ? null : type;
        Stanza presence = Stanza.of(Stanza.Kind.PRESENCE, shown, null, domain.toString(), to.toString(), "");
        try {
            stream.send(presence);
        } catch (StanzaNotSentException e) {
            LOG.debug("not sent, {}: {}", e.getMessage(), presence);
        }
    }
}
