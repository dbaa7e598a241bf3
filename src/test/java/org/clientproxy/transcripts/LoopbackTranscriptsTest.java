package org.clientproxy.transcripts;

import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.scenarios.ProxyScenarios;

/** On the loopback server of the project. */
class LoopbackTranscriptsTest extends TranscriptScenarios {
    LoopbackTranscriptsTest() {
        super("loopback");
    }

    @Override
    XmppServer server() {
        return new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    }
}
