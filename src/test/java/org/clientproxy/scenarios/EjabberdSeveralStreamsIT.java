package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;

/** On ejabberd. */
class EjabberdSeveralStreamsIT extends SeveralStreamsScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        return new EjabberdServer(ProxyScenarios.ACCOUNTS);
    }

    /** The queue of a connection that ends: at 1000 a second it was once 43 stanzas, and mostly none. */
    @Override
    int lostByTheServer() {
        return 5;
    }
}
