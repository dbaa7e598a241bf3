package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;

/** On the loopback server of the project. */
class LoopbackMessageTest extends MessageScenarios {
    @Override
    XmppServer server() throws Exception {
        return new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    }
}
