package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;

class LoopbackSeveralStreamsTest extends SeveralStreamsScenarios {
    @Override
    XmppServer server() throws Exception {
        return ClusterFaults.server("loopback-shares");
    }
}
