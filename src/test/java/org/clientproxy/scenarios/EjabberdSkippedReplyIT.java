package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;

/** On ejabberd. */
class EjabberdSkippedReplyIT extends SkippedReplyScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        return new EjabberdServer(ProxyScenarios.ACCOUNTS);
    }

    /** It leaves out attributes of an IQ that it does not know, and ends the stream at a prefix that nothing declares. */
    @Override
    boolean lets(TooMuch reply) {
        return reply != TooMuch.START_TAG && reply != TooMuch.ATTRIBUTES_OF_THE_IQ && reply != TooMuch.NAMESPACE;
    }
}
