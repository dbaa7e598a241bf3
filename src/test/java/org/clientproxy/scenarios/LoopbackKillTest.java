package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.FreePort;

/** On the loopback server of the project. */
class LoopbackKillTest extends KillScenarios {
    @Override
    XmppServer server() {
        return new LoopbackServer(
                ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret", FreePort.next(), FreePort.next());
    }
}
