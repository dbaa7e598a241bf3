package org.clientproxy.scenarios;

import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.junit.jupiter.api.Test;

/** On the loopback server of the project. */
class LoopbackPoolTest extends PoolScenarios {
    @Override
    XmppServer server() {
        return new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    }

    @Test
    void probesAgainWhenTheAnswerIsLost() throws Exception {
        open(Worker.join(server, "a"));
        // The answers to subscribe and to the first probe.
        ((LoopbackServer) server).faults().losePresencesOf("worker@localhost/a", 2);
        proxy(Map.of());
        RawClient alice = client("alice", "home");
        Awaitility.await("a request is served").atMost(Duration.ofSeconds(15)).until(() -> isServed(alice));
    }
}
