package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.FreePort;

/** On the loopback server of the project, which says to the component, octet by octet, what no other server lets through. */
class LoopbackSkippedReplyTest extends SkippedReplyScenarios {
    private final LoopbackServer server =
            new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret", FreePort.next(), FreePort.next());

    @Override
    XmppServer server() {
        return server;
    }

    @Override
    void send(RawClient session, String address, String stanza) {
        server.inject(stanza.replace("<iq ", "<iq from='" + address + "' ").replace("\"", "&quot;"));
    }
}
