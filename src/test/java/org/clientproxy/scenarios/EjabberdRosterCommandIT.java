package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;

/** On ejabberd. */
class EjabberdRosterCommandIT extends RosterCommandScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        return new EjabberdServer(ProxyScenarios.ACCOUNTS);
    }

    @Override
    void run(XmppServer server, String commandLine) throws Exception {
        ((EjabberdServer) server).control(commandLine);
    }

    @Override
    String begins() {
        return "ejabberdctl add_rosteritem";
    }
}
