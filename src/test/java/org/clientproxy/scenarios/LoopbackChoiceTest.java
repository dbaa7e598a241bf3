package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;

/** On the loopback server of the project. */
class LoopbackChoiceTest extends ChoiceScenarios {
    @Override
    XmppServer server() {
        return new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    }
}
