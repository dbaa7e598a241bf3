package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyCheckIT extends CheckScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }

    @Override
    boolean takesSeveral() {
        return false;
    }
}
