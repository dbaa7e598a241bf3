package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyMessageIT extends MessageScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "prosody");
        return ProsodyServer.withoutOfflineStorage(ProxyScenarios.ACCOUNTS);
    }
}
