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
}
