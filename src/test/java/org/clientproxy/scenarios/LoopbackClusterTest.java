package org.clientproxy.scenarios;

import org.clientproxy.loopback.XmppServer;

class LoopbackClusterTest extends ClusterScenarios {
    @Override
    XmppServer server() throws Exception {
        return ClusterFaults.server("loopback");
    }
}
