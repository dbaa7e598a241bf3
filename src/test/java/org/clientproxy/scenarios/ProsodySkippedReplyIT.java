package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodySkippedReplyIT extends SkippedReplyScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }

    /** It ends the stream of a client that breaks the rules of namespaces. */
    @Override
    boolean lets(TooMuch reply) {
        return reply != TooMuch.NAMESPACE;
    }
}
