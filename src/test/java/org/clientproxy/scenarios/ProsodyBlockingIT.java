package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyBlockingIT extends BlockingScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }

    @Override
    boolean bouncesMessages() {
        return false;
    }
}
