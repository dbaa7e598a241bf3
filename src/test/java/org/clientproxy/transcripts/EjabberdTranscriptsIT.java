package org.clientproxy.transcripts;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.Installed;
import org.clientproxy.scenarios.ProxyScenarios;
import org.clientproxy.servers.EjabberdServer;

/** On ejabberd. */
class EjabberdTranscriptsIT extends TranscriptScenarios {
    EjabberdTranscriptsIT() {
        super("ejabberd");
    }

    @Override
    XmppServer server() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        return new EjabberdServer(ProxyScenarios.ACCOUNTS);
    }
}
