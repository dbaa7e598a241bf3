package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyExampleChatIT extends ExampleChatScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return ProsodyServer.withoutOfflineStorage(ProxyScenarios.ACCOUNTS);
    }
}
