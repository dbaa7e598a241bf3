package org.clientproxy.scenarios;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;

/** On the loopback server of the project. */
class LoopbackAddressTest extends AddressScenarios {
    @Override
    XmppServer server() throws Exception {
        return new LoopbackServer(ACCOUNTS, "proxy.localhost", "secret");
    }

    @Override
    boolean preparesNames() {
        return false;
    }
}
