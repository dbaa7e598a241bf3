package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;

/** On the loopback server of the project. */
class LoopbackScenariosTest extends ProxyScenarios {
    @Override
    XmppServer server() {
        return new LoopbackServer(ACCOUNTS, "proxy.localhost", "secret");
    }

    @Override
    boolean isTransparent() {
        return true;
    }
}
