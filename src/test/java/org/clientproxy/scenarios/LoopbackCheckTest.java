package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;

/** On the loopback server of the project. */
class LoopbackCheckTest extends CheckScenarios {
    @Override
    XmppServer server() {
        return new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret");
    }

    @Override
    boolean takesSeveral() {
        return false;
    }
}
