package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyChattingServiceIT extends ChattingServiceScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }
}
