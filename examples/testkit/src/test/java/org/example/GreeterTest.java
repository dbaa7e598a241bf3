package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GreeterTest {
    @TempDir
    Path data;

    @Test
    void greetsWhoAsksTheProxy() throws Exception {
        try (LoopbackServer server =
                        new LoopbackServer(Map.of("worker", "pw1", "alice", "pw2"), "proxy.localhost", "secret");
                CamelContext context = new DefaultCamelContext()) {
            server.start();
            server.addContact("worker", "proxy.localhost");
            ClientProxy.addTo(context, ProxyConfiguration.readOne("proxy", server.proxyKeys("worker", data)));
            context.start();
            server.awaitComponent();
            try (Greeter greeter = new Greeter("127.0.0.1", server.clientPort(), "worker", "pw1", "a");
                    RawClient alice = RawClient.login(server, "alice", "pw2", "home")) {
                server.awaitSession("worker@localhost/a");
                Stanza answer = alice.ask("get", "proxy.localhost", "<greeting xmlns='urn:example:greeting'/>");
                assertTrue(answer.toXml().contains("<hello "), answer.toXml());
            }
        }
    }
}
