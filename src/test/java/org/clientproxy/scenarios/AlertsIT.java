package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.clientproxy.servers.ProsodyServer;
import org.jivesoftware.smack.ConnectionConfiguration;
import org.jivesoftware.smack.chat2.ChatManager;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code routes/examples/alerts.yaml} on Prosody, read by a person with a client of Smack. */
class AlertsIT {
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final String PASSWORD = "alerts-s3cret";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private ProsodyServer server;
    private RunningProxy proxy;

    @BeforeEach
    void prepare() throws Exception {
        Installed.require(ProsodyServer.isInstalled(), "Prosody");
        Map<String, String> accounts = new HashMap<>(ProxyScenarios.ACCOUNTS);
        accounts.put("alerts", PASSWORD);
        server = new ProsodyServer(accounts);
        opened.add(server);
        // The server is not there yet, which neither the example nor the proxy minds.
        proxy = RunningProxy.start(
                server,
                Map.of(
                        "proxy.confirm-timeout", "1s",
                        "proxy.drain-timeout", "1s",
                        "proxy.routes", "java,file:routes/examples/alerts.yaml"),
                Map.of(
                        "alerts.host", "127.0.0.1",
                        "alerts.port", "" + server.clientPort(),
                        "alerts.domain", "localhost",
                        "alerts.user", "alerts",
                        "alerts.password", PASSWORD,
                        "alerts.to", "bob@localhost",
                        "alerts.every", "300",
                        "alerts.retry", "300"));
        opened.add(proxy);
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    /** What the person reads from now on. */
    private List<String> read() throws Exception {
        List<String> messages = new CopyOnWriteArrayList<>();
        XMPPTCPConnection person = new XMPPTCPConnection(XMPPTCPConnectionConfiguration.builder()
                .setHost("127.0.0.1")
                .setPort(server.clientPort())
                .setXmppDomain("localhost")
                .setUsernameAndPassword("bob", "pw")
                .setResource("phone")
                .setSecurityMode(ConnectionConfiguration.SecurityMode.disabled)
                .build());
        ChatManager.getInstanceFor(person).addIncomingListener((from, message, chat) -> {
            assertThat(from.toString()).isEqualTo("alerts@localhost");
            messages.add(message.getBody());
        });
        opened.add(person::disconnect);
        person.connect().login();
        return messages;
    }

    private static void await(List<String> messages, String sentence) {
        Awaitility.await(sentence).atMost(LIMIT).untilAsserted(() -> assertThat(messages)
                .anyMatch(each -> each.matches(sentence)));
    }

    private void awaitNoted(String subject, String state) {
        Awaitility.await(subject + " is " + state)
                .atMost(LIMIT)
                .until(() -> state.equals(proxy.context().getVariable("global:proxy-alert-" + subject)));
    }

    @Test
    void tellsAPersonWhatTurnsBadAndGoodAcrossARestartOfTheServer() throws Exception {
        String time = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d ";
        String down = time + "the stream of proxy\\.localhost to .* is down: .+";
        String up = "Recovered: " + time + "the stream of proxy\\.localhost to .* is ready";
        String empty = time + "no session of worker@localhost is there; .*";
        String filled = "Recovered: " + time + "1 session of worker@localhost serves proxy\\.localhost";
        try (CapturedLog log = CapturedLog.ofAll()) {
            awaitNoted("stream", "bad");
            server.start();
            List<String> first = read();
            await(first, down);
            await(first, up);
            await(first, empty);
            // There were many attempts to connect, and one change.
            assertThat(first).filteredOn(each -> each.matches(down)).hasSize(1);
            assertThat(first).filteredOn(each -> each.matches(up)).hasSize(1);
            ProxyScenarios.accept(server);
            Worker worker = Worker.join(server, "a");
            opened.add(worker);
            awaitNoted("pool", "good");
            await(first, filled);

            server.kill();
            awaitNoted("stream", "bad");
            server.start();
            List<String> second = read();
            await(second, down);
            await(second, up);
            await(second, empty);
            opened.add(Worker.join(server, "a"));
            await(second, filled);
            // What looks up placeholders says their values; the logback.xml of the distribution keeps it from that.
            assertThat(log.events())
                    .noneMatch(line ->
                            line.contains(PASSWORD) && !line.contains(" org.apache.camel.component.properties."));
            assertThat(Files.readString(Path.of("src/main/resources/org/clientproxy/config/logback.xml")))
                    .contains("<logger name=\"org.apache.camel.component.properties\" level=\"WARN\"/>");
        }
    }

    @Test
    void aMessageThatCannotBeSentDoesNotHoldUpTheStop() {
        awaitNoted("stream", "bad");
        proxy.close();
        assertThat(proxy.context().isStopped()).isTrue();
    }
}
