package org.clientproxy.scenarios;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.RawComponent;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.servers.EjabberdServer;
import org.junit.jupiter.api.Test;

/** On ejabberd. */
class EjabberdPoolIT extends PoolScenarios {
    @Override
    XmppServer server() throws Exception {
        Installed.require(EjabberdServer.isInstalled(), "ejabberd");
        return new EjabberdServer(ProxyScenarios.ACCOUNTS);
    }

    @Test
    void servesSoonAfterOtherConnectionsHaveTakenTheAnswers() throws Exception {
        open(Worker.join(server, "a"));
        RawClient alice = client("alice", "home");
        // ejabberd gives each stanza to one of the domain's connections: of fifteen, the proxy has one.
        List<RawClient> others = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            others.add(RawComponent.connect(server));
        }
        proxy(Map.of());
        long ready = System.nanoTime();
        Awaitility.await().atMost(LIMIT).until(() -> System.nanoTime() - ready > 1_500_000_000L);
        others.forEach(RawClient::close);
        Awaitility.await("a request is served").atMost(Duration.ofSeconds(20)).until(() -> isServed(alice));
    }
}
