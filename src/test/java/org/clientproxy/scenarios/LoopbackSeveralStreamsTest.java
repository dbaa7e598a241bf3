package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.loopback.XmppServer;

class LoopbackSeveralStreamsTest extends SeveralStreamsScenarios {
    @Override
    XmppServer server() {
        LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
        server.secondComponent(SecondComponent.SHARES);
        return server;
    }
}
