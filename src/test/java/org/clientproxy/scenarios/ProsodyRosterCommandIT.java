package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyRosterCommandIT extends RosterCommandScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }

    @Override
    void run(XmppServer server, String commandLine) throws Exception {
        ((ProsodyServer) server).control(commandLine);
    }

    @Override
    String begins() {
        return "prosodyctl shell";
    }
}
