package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code camel.main.tracing=true} prints. */
class ReadableTracingTest {
    private static final String SECRET = "t0p-s3cret";
    private static final String LINE =
            "[0-9A-F]+-[0-9A-F]+ (proxy-[a-z-]+ > (?:proxy-[a-z-]+|begins|ends|failed))  (.*)";

    /** What is printed while Alice has a request answered. */
    private static List<String> trace(String routes, String id, String payload) throws Exception {
        try (CapturedLog log = CapturedLog.ofTracing();
                LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET)) {
            server.start();
            try (RunningProxy proxy = RunningProxy.startReady(
                    server, Map.of("proxy.routes", routes), Map.of("camel.main.tracing", "true"))) {
                ProxyScenarios.accept(server);
                assertThat(proxy.connections()).isOne();
                try (Worker worker = Worker.join(server, "a");
                        RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                    alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + payload + "</iq>");
                    alice.await("the answer", Stanza::isReply);
                    assertThat(worker.answered).hasPositiveValue();
                }
            }
            return String.join("", log.events()).lines().toList();
        }
    }

    /** Whether tracing is wished for, too, or not. */
    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void onStandbyItWaitsUntilItIsEnabled(String tracing) throws Exception {
        try (CapturedLog log = CapturedLog.ofTracing();
                LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET)) {
            server.start();
            try (RunningProxy proxy = RunningProxy.startReady(
                    server, Map.of(), Map.of("camel.main.tracingStandby", "true", "camel.main.tracing", tracing))) {
                ProxyScenarios.accept(server);
                try (Worker worker = Worker.join(server, "a");
                        RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                    alice.send("<iq type='get' id='off' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    alice.await("the answer", Stanza::isReply);
                    proxy.context().getTracer().setEnabled(true);
                    alice.send("<iq type='get' id='on' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                    alice.await("the answer", s -> "on".equals(s.id()));
                    assertThat(worker.answered).hasValue(2);
                }
            }
            assertThat(String.join("", log.events())).contains(" id=on ").doesNotContain(" id=off ");
        }
    }

    private static List<String> of(String id, List<String> lines) {
        return lines.stream().filter(line -> line.contains(" id=" + id + ' ')).toList();
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "file:routes/client-proxy.yaml"})
    void aRequestIsSeenOnItsWayStepByStep(String routes) throws Exception {
        List<String> lines = trace(routes, "ask", "<q xmlns='urn:q'>payload</q>");
        assertThat(lines).allMatch(line -> line.matches(LINE)).noneMatch(line -> line.contains("payload"));
        assertThat(String.join("\n", lines)).doesNotContain(SECRET, "xmpp-component", "secret");
        List<String> steps = of("ask", lines).stream()
                .map(line -> line.replaceFirst(LINE, "$1"))
                .toList();
        assertThat(steps)
                .startsWith(
                        "proxy-stanzas > begins",
                        "proxy-stanzas > proxy-by-role",
                        "proxy-stanzas > proxy-admit",
                        "proxy-stanzas > proxy-choose",
                        "proxy-stanzas > proxy-translate",
                        "proxy-stanzas > proxy-open",
                        "proxy-stanzas > proxy-send-request")
                .containsSubsequence(
                        "proxy-stanzas > ends",
                        "proxy-stanzas > begins",
                        "proxy-stanzas > proxy-complete",
                        "proxy-correlate > proxy-decide",
                        "proxy-correlate > proxy-send-answer")
                .endsWith("proxy-stanzas > ends");
        assertThat(of("ask", lines).get(0))
                .containsPattern(
                        "  iq type=get id=ask from=alice@localhost/home to=proxy.localhost \\(\\d+ octets\\)$");
    }

    @Test
    void theLogConfigurationThatIsShippedPrintsIt() throws Exception {
        LoggerContext loggers = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(loggers);
        configurator.doConfigure("src/main/resources/org/clientproxy/config/logback.xml");
        assertThat(loggers.getLogger("org.apache.camel.Tracing").isInfoEnabled())
                .isTrue();
        assertThat(loggers.getLogger("org.apache.camel.main").isInfoEnabled()).isFalse();
        loggers.stop();
    }

    @Test
    void whatIsInAStanzaBeginsNoLine() throws Exception {
        String forged = "E4C1-0007 proxy-stanzas > proxy-forged  iq type=get";
        for (String end : List.of("&#10;", "&#13;&#10;", "\u2028", "\u0085")) {
            List<String> lines = trace("java", "x" + end + forged, "<q xmlns='urn:q'>y" + end + forged + "</q>");
            assertThat(lines).anyMatch(line -> line.contains(forged));
            assertThat(lines).allMatch(line -> line.matches(LINE)).noneMatch(line -> line.startsWith("E4C1"));
            assertThat(lines).allMatch(line -> line.indexOf(" > ") < 80).noneMatch(line -> line.contains(">y"));
        }
    }

    @Test
    void whatAStepOfTheOperatorPutsIntoABodyIsNotShown(@TempDir Path directory) throws Exception {
        String yaml = Files.readString(Path.of("routes/client-proxy.yaml"));
        String first = "                  - process:\n                      id: \"{{proxy.name}}-choose\"\n";
        String tap =
                "                  - wireTap:\n                      id: proxy-tap\n                      uri: seda:note\n";
        Path file = Files.writeString(directory.resolve("routes.yaml"), yaml.replace(first, tap + first) + """

                - route:
                    id: proxy-note
                    from:
                      uri: seda:note
                      steps:
                        - setBody:
                            id: proxy-set
                            constant: "payload\\nforged"
                        - stop:
                            id: proxy-stop
                """);
        List<String> lines = trace("file:" + file, "ask", "<q xmlns='urn:q'/>");
        assertThat(lines)
                .anyMatch(line -> line.endsWith(" proxy-note > proxy-stop  java.lang.String"))
                .noneMatch(line -> line.contains("payload") || line.contains("forged"));
    }
}
