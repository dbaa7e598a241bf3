package org.clientproxy.transcripts;

import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.Installed;
import org.clientproxy.scenarios.ProxyScenarios;
import org.clientproxy.servers.ProsodyServer;

/** On Prosody. */
class ProsodyTranscriptsIT extends TranscriptScenarios {
    ProsodyTranscriptsIT() {
        super("prosody");
    }

    @Override
    XmppServer server() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        return new ProsodyServer(ProxyScenarios.ACCOUNTS);
    }
}
