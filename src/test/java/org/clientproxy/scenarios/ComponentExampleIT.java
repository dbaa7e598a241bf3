package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project of {@code examples/component}: compiled and run as it stands, with its own settings but for the port and the secret. */
class ComponentExampleIT {
    private static final Path EXAMPLE = Path.of("examples/component/src/main");

    @TempDir
    Path directory;

    @Test
    void answersGreetingsAloneAndIgnoresWhatIsNoRequest() throws Exception {
        try (LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "service.localhost", "s3cret")) {
            server.start();
            Process service = start(server.componentPort());
            try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                Awaitility.await("the service").atMost(Duration.ofSeconds(60)).until(() -> {
                    return "result".equals(ask(alice, "<greeting xmlns='urn:example:greeting'/>").type());
                });
                alice.send("<message to='service.localhost'><body>hello</body></message>");
                assertThat(ask(alice, "<query xmlns='jabber:iq:version'/>").toString())
                        .contains("feature-not-implemented");
                assertThat(alice.unseen()).noneMatch(stanza -> "message".equals(stanza.kind().xmlName()));
            } finally {
                service.destroy();
                assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
            assertThat(directory.resolve("log")).content().doesNotContain("Exception");
        }
    }

    private Process start(int port) throws Exception {
        String classPath = EXAMPLE.resolve("resources") + File.pathSeparator + System.getProperty("java.class.path");
        return new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Dservice.port=" + port,
                        "-Dservice.secret=s3cret",
                        "-cp",
                        classPath,
                        EXAMPLE.resolve("java/Greeting.java").toString()))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
    }

    private static Stanza ask(RawClient client, String payload) throws Exception {
        client.send("<iq type='get' id='1' to='service.localhost'>" + payload + "</iq>");
        return client.await("the answer", stanza -> "1".equals(stanza.id()));
    }
}
