package org.clientproxy.scenarios;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server whose name gets other addresses while the program runs, as a process of its own. */
class MovedServerTest {
    @TempDir
    Path directory;

    @Test
    void findsTheServerAtItsNewAddressWithoutARestart() throws Exception {
        Path hosts = Files.writeString(directory.resolve("hosts"), "127.0.0.2 server.example\n");
        Map<String, String> environment = Map.of(
                "JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + hosts,
                "XMPP_HOST", "server.example",
                "XMPP_RECONNECT_MAX", "200ms");
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret")) {
            server.start();
            try (ProxyProcess proxy = new ProxyProcess(server, server.componentPort(), "96m", environment)) {
                proxy.start();
                Awaitility.await("it says where nobody is")
                        .atMost(Duration.ofSeconds(60))
                        .until(() -> proxy.log()
                                .contains("no connection to server.example: 127.0.0.2:" + server.componentPort()
                                        + ": Connection refused"));
                // One address more, and the server is at none of the old ones.
                Files.writeString(hosts, "127.0.0.2 server.example\n::1 server.example\n127.0.0.1 server.example\n");
                // Java would keep the old addresses for 30 s.
                Awaitility.await("it is ready").atMost(Duration.ofSeconds(20)).until(() -> proxy.log()
                        .contains("is ready"));
            }
        }
    }
}
