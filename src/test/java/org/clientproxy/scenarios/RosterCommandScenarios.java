package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.loopback.XmppServer;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** The command of the documents by which the target's roster lets the proxy host see who is there, on the real server. */
abstract class RosterCommandScenarios {
    private static final Duration LIMIT = Duration.ofSeconds(90);

    abstract XmppServer server() throws Exception;

    /** Runs a command line on the server's machine. */
    abstract void run(XmppServer server, String commandLine) throws Exception;

    /** How the command line begins in {@code docs/servers.md}. */
    abstract String begins();

    private String documented() throws Exception {
        List<String> lines = Files.readAllLines(Path.of("docs/servers.md")).stream()
                .map(String::strip)
                .filter(line -> line.startsWith(begins()))
                .toList();
        assertThat(lines).as("command lines that begin with %s", begins()).hasSize(1);
        return lines.get(0);
    }

    @Test
    void lettingTheProxySeeWhoIsThereTakesOneCommand() throws Exception {
        try (XmppServer server = server()) {
            server.start();
            try (RunningProxy proxy = RunningProxy.startReady(server, Map.of("proxy.drain-timeout", "1s"));
                    RawClient worker = RawClient.login(server, "worker", "pw", "a");
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                // It accepts nothing: it answers requests, and no more.
                worker.send("<presence/>");
                alice.send("<iq type='get' id='early' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                assertThat(ProxyScenarios.condition(alice.await("the refusal", s -> "early".equals(s.id()))))
                        .isEqualTo("service-unavailable");
                run(server, documented());
                Awaitility.await("a request is served").atMost(LIMIT).until(() -> {
                    alice.send("<iq type='get' id='now' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    Stanza request = worker.poll(Stanza::isRequest, Duration.ofMillis(500));
                    if (request != null) {
                        worker.send(Worker.reply(request, ""));
                    }
                    return alice.poll(s -> "result".equals(s.type()), Duration.ofMillis(500)) != null;
                });
                assertThat(proxy.connections()).isOne();
            }
        }
    }
}
