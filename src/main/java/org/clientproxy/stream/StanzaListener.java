package org.clientproxy.stream;

import org.clientproxy.xmpp.Stanza;

/** Gets each stanza that the server sends to the component, in order, on the stream's loop. */
@FunctionalInterface
public interface StanzaListener {
    /**
     * A stanza in {@code jabber:component:accept} with a valid {@code from} outside the component's domain and a valid
     * {@code to} inside it; everything else was dropped and counted before. It must not block.
     */
    void onStanza(Stanza stanza);
}
