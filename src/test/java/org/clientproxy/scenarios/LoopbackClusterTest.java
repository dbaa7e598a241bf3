package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.loopback.XmppServer;

class LoopbackClusterTest extends ClusterScenarios {
    @Override
    XmppServer server() {
        LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
        server.secondComponent(SecondComponent.KICKS_THE_OLD);
        return server;
    }
}
