package org.clientproxy.proxy.pool;

import org.clientproxy.xmpp.Jid;

/** Sends the presences of the proxy host. Called on the loop; a stream that is down swallows them. */
@FunctionalInterface
public interface PresenceSender {
    /** @param type the attribute {@code type}; empty for our availability */
    void send(String type, Jid to);
}
