package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The project of {@code examples/component}: built and run by its README's command, with its own settings but for port and secret. */
class ComponentExampleIT {
    @TempDir
    Path directory;

    @Test
    void answersGreetingsAloneAndIgnoresWhatIsNoRequest() throws Exception {
        ExampleProgram.requireSlixmpp();
        try (LoopbackServer server = new LoopbackServer(Map.of("alice", "pw"), "service.localhost", "s3cret")) {
            server.start();
            Process service = start(server.componentPort());
            try (RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                Awaitility.await("the service").atMost(Duration.ofSeconds(120)).until(() -> {
                    return "result"
                            .equals(ask(alice, "<greeting xmlns='urn:example:greeting'/>")
                                    .type());
                });
                alice.send("<message to='service.localhost'><body>hello</body></message>");
                assertThat(ask(alice, "<query xmlns='jabber:iq:version'/>").toXml())
                        .contains("feature-not-implemented");
                assertThat(alice.unseen())
                        .noneMatch(stanza -> "message".equals(stanza.kind().xmlName()));
                try (ExampleProgram asks =
                        ExampleProgram.start(server, directory.resolve("answer"), "alice@localhost", "ask.py")) {
                    Awaitility.await("what it prints")
                            .atMost(Duration.ofSeconds(60))
                            .until(() -> asks.output().equals("Hello\n"));
                }
                // Before it is ended: what Maven says of that is its own.
                assertThat(directory.resolve("log")).content().doesNotContain(" ERROR ");
            } finally {
                service.destroy();
                assertThat(service.waitFor(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private Process start(int port) throws Exception {
        return new ExampleProject("component")
                .start(
                        "mvn -f examples/component compile exec:java",
                        Map.of("service.port", "" + port, "service.secret", "s3cret"),
                        directory.resolve("log"));
    }

    private static Stanza ask(RawClient client, String payload) throws Exception {
        client.send("<iq type='get' id='1' to='service.localhost'>" + payload + "</iq>");
        return client.await("the answer", stanza -> "1".equals(stanza.id()));
    }
}
