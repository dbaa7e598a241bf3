package org.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.WorkerSession;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreetingsOnlyTest {
    private final LoopbackServer server =
            new LoopbackServer(Map.of("worker", "pw1", "alice", "pw2"), "proxy.localhost", "secret");
    private final CamelContext context = new DefaultCamelContext();

    @TempDir
    Path data;

    @BeforeEach
    void start() throws Exception {
        server.start();
        server.addContact("worker", "proxy.localhost");
        ClientProxy.addTo(context, ProxyConfiguration.readOne("proxy", server.proxyKeys("worker", data)));
        context.addRoutes(new GreetingsOnly());
        context.start();
        server.awaitComponent();
    }

    @AfterEach
    void stop() {
        context.stop();
        server.close();
    }

    @Test
    void noWorkerSeesWhatIsNoGreeting() throws Exception {
        try (WorkerSession worker = WorkerSession.join(
                        server, "worker", "pw1", "a", request -> request.result("<hello xmlns='urn:example:greeting'/>"));
                RawClient alice = RawClient.login(server, "alice", "pw2", "home")) {
            Stanza answer = alice.ask("get", "proxy.localhost", "<greeting xmlns='urn:example:greeting'/>");
            assertEquals("result", answer.type());
            Stanza refusal = alice.ask("get", "proxy.localhost", "<query xmlns='jabber:iq:version'/>");
            assertEquals("error", refusal.type());
            assertTrue(refusal.toXml().contains("<not-acceptable "), refusal.toXml());
            assertEquals(1, worker.requests());
        }
    }
}
