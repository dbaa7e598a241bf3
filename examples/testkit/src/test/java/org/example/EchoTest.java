package org.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.junit.jupiter.api.Test;

class EchoTest {
    @Test
    void answersAgainAfterARestartOfTheServer() throws Exception {
        try (LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "echo.localhost", "secret");
                CamelContext context = new DefaultCamelContext()) {
            server.start();
            context.addRoutes(new Echo("echo.localhost", server.componentPort(), "secret"));
            context.start();
            echoes(server);
            server.kill();
            server.start();
            echoes(server);
        }
    }

    private static void echoes(LoopbackServer server) throws Exception {
        server.awaitComponent();
        try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            String answer = alice.ask("get", "echo.localhost", "<q xmlns='urn:example:q'/>").toXml();
            assertTrue(answer.contains("urn:example:q"), answer);
        }
    }
}
