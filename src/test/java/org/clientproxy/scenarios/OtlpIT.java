package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.junit.jupiter.api.Test;

/** A proxy with the jars of {@code docs/otel-pom.xml} sends its spans to a collector, as {@code docs/tracing.md} says. */
class OtlpIT {
    private static final String SECRET = "t0p-s3cret";

    @Test
    void spansReachACollectorByHttp() throws Exception {
        StringBuffer received = new StringBuffer();
        HttpServer collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        collector.createContext("/v1/traces", exchange -> {
            received.append(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.ISO_8859_1));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        collector.start();
        Map<String, String> recipe = Map.of(
                "OTEL_JAVA_GLOBAL_AUTOCONFIGURE_ENABLED", "true",
                "OTEL_SERVICE_NAME", "client-proxy",
                "OTEL_METRICS_EXPORTER", "none",
                "OTEL_LOGS_EXPORTER", "none",
                "OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                        "http://127.0.0.1:" + collector.getAddress().getPort(),
                "OTEL_BSP_SCHEDULE_DELAY", "200",
                "JDK_JAVA_OPTIONS", "-Dcamel.opentelemetry2.enabled=true");
        try (LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET)) {
            server.start();
            spans(server, recipe, received);
        } finally {
            collector.stop(0);
        }
    }

    private static void spans(LoopbackServer server, Map<String, String> recipe, StringBuffer received)
            throws Exception {
        try (ProxyProcess proxy = new ProxyProcess(server, server.componentPort(), "128m", recipe)) {
            proxy.start();
            proxy.awaitReady();
            ProxyScenarios.accept(server);
            try (Worker worker = Worker.join(server, "a");
                    RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
                alice.send("<iq type='get' id='traced-id' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                alice.await("the answer", s -> "traced-id".equals(s.id()));
                assertThat(worker.answered).hasPositiveValue();
                // The request as it came and as it went, the reply, the answer.
                Awaitility.await().atMost(Duration.ofSeconds(40)).untilAsserted(() -> assertThat(
                                Pattern.compile("traced-id")
                                        .matcher(received)
                                        .results()
                                        .count())
                        .isEqualTo(4));
            }
            assertThat(received.toString())
                    .contains("client-proxy", "xmpp-component", "xmpp.resource")
                    .doesNotContain(SECRET, "alice@", "worker@");
        }
    }

    @Test
    void theRecipeNamesTheVersionsThatAreTested() throws Exception {
        String recipe = Files.readString(Path.of("docs/otel-pom.xml"));
        String pom = Files.readString(Path.of("pom.xml"));
        assertThat(recipe)
                .contains("camel-opentelemetry2</artifactId>\n      <version>" + property(pom, "camel.version") + "<")
                .contains("opentelemetry-bom</artifactId>\n        <version>" + property(pom, "opentelemetry.version")
                        + "<");
    }

    private static String property(String pom, String name) {
        return pom.replaceFirst("(?s).*<" + name + ">(.*?)<.*", "$1");
    }
}
