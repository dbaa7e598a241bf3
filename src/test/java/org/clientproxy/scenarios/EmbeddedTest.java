package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;
import org.awaitility.Awaitility;
import org.clientproxy.config.ProxyConfiguration;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.proxy.ClientProxy;
import org.clientproxy.proxy.settings.ProxySettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A proxy in somebody's own Camel context, in the lines that {@code docs/deploying.md} shows. */
class EmbeddedTest {
    @TempDir
    Path dataDir;

    // The indentation is the one of the document.
    // spotless:off
    private static CamelContext start(Map<String, String> keys) throws Exception {
        // begin
        ProxySettings settings = ProxyConfiguration.readOne("proxy", keys);
        CamelContext context = new DefaultCamelContext();
        ClientProxy.addTo(context, settings);
        context.start();
        // end
        return context;
    }
    // spotless:on

    @Test
    void theDocumentedLinesProxyARequest() throws Exception {
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            CamelContext context = start(Map.of(
                    "xmpp.port", "" + server.componentPort(),
                    "xmpp.secret", "secret",
                    "proxy.domain", "proxy.localhost",
                    "proxy.target", "worker@localhost",
                    "proxy.data-dir", dataDir.toString()));
            try {
                ProxyScenarios.accept(server);
                try (Worker worker = Worker.join(server, "a");
                        RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                    Awaitility.await("a request is proxied").until(() -> {
                        alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                        return "result"
                                .equals(alice.await("the answer", s -> "1".equals(s.id()))
                                        .type());
                    });
                    assertThat(worker.answered.get()).isPositive();
                }
            } finally {
                context.stop();
            }
        }
    }

    @Test
    void theDocumentShowsTheLinesThatThisTestRuns() throws Exception {
        String source = Files.readString(Path.of("src/test/java/org/clientproxy/scenarios/EmbeddedTest.java"));
        String lines = source.substring(source.indexOf("// begin\n") + 9, source.indexOf("        // end"))
                .stripTrailing()
                .stripIndent();
        assertThat(lines.lines()).hasSize(4);
        assertThat(Files.readString(Path.of("docs/deploying.md"))).contains("\n" + lines + "\n```");
    }
}
