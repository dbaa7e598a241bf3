package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.MBeanFeatureInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.util.json.JsonArray;
import org.apache.camel.util.json.JsonObject;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.clientproxy.stream.StreamState;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What an operator sees of a running proxy with everything switched on. */
class ObservedProxyTest {
    private static ObservedProxy proxy;
    private static Worker a;

    @BeforeAll
    static void start() throws Exception {
        proxy = new ObservedProxy(Map.of(
                "camel.main.jmxEnabled", "true",
                "camel.main.jmxManagementMBeansLevel", "Default",
                "camel.main.jmxManagementStatisticsLevel", "Default",
                "camel.main.devConsoleEnabled", "true",
                "camel.management.devConsoleEnabled", "true",
                "camel.trace.enabled", "true"));
        a = proxy.worker("a");
        proxy.ask();
    }

    @AfterAll
    static void stop() {
        a.close();
        proxy.close();
    }

    private static String metrics() throws Exception {
        return proxy.get("/observe/metrics", "*/*").body();
    }

    private static double metric(String sample) throws Exception {
        Matcher matcher = Pattern.compile("^" + Pattern.quote(sample) + " (\\S+)$", Pattern.MULTILINE)
                .matcher(metrics());
        assertThat(matcher.find()).as(sample + " in " + metrics()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void metricsCountWhatHappens() throws Exception {
        String results = "clientproxy_answers_total{outcome=\"result\",proxy=\"proxy.localhost\"}";
        String ofA = "clientproxy_resource_answers_total{outcome=\"result\",proxy=\"proxy.localhost\",resource=\"a\"}";
        String timed = "clientproxy_resource_duration_seconds_count{proxy=\"proxy.localhost\",resource=\"a\"}";
        double before = metric(results);
        double beforeA = metric(ofA);
        double beforeTimed = metric(timed);
        proxy.ask();
        proxy.ask();
        assertThat(metric(results) - before).isEqualTo(2);
        assertThat(metric(ofA) - beforeA).isEqualTo(2);
        assertThat(metric(timed) - beforeTimed).isEqualTo(2);
        assertThat(metric("clientproxy_pool_resources{proxy=\"proxy.localhost\"}"))
                .isOne();
        assertThat(metric("clientproxy_stream_state{proxy=\"proxy.localhost\",state=\"ready\"}"))
                .isOne();
        assertThat(metric("clientproxy_stream_bytes_total{direction=\"in\",proxy=\"proxy.localhost\"}"))
                .isPositive();
    }

    /** Camel's events of each exchange cost a tenth of the throughput where anything might want them. */
    @Test
    void metricsAloneWantNoEventOfEachExchange() throws Exception {
        try (ObservedProxy alone = new ObservedProxy(Map.of())) {
            assertThat(alone.get("/observe/metrics", "*/*").body())
                    .containsPattern("camel_routes_running\\S* 3\\.0")
                    .contains("clientproxy_requests_total");
            assertThat(alone.context().getCamelContextExtension().isEventNotificationApplicable())
                    .isFalse();
            assertThat(alone.context().getManagementStrategy().getEventNotifiers())
                    .allMatch(EventNotifier::isIgnoreExchangeEvents);
        }
    }

    @Test
    void aResourceThatLeftIsGoneFromTheMetrics() throws Exception {
        Worker b = Worker.join(proxy.server, "b");
        Awaitility.await().until(() -> metrics().contains("resource=\"b\""));
        b.close();
        Awaitility.await().until(() -> !metrics().contains("resource=\"b\""));
    }

    @Test
    void theDashboardAsksForMetricsThatThereAre() throws Exception {
        JsonObject dashboard =
                (JsonObject) Jsoner.deserialize(Files.readString(Path.of("docs/grafana/client-proxy.json")));
        Set<String> asked = new TreeSet<>();
        for (Object panel : (JsonArray) dashboard.get("panels")) {
            for (Object target : (JsonArray) ((JsonObject) panel).get("targets")) {
                Matcher name = Pattern.compile("clientproxy_[a-z_]+").matcher(((JsonObject) target).getString("expr"));
                assertThat(name.find()).isTrue();
                name.reset();
                name.results().forEach(found -> asked.add(found.group()));
            }
        }
        Set<String> there = new TreeSet<>();
        Pattern.compile("^(clientproxy_[a-z_]+)", Pattern.MULTILINE)
                .matcher(metrics())
                .results()
                .forEach(found -> there.add(found.group()));
        assertThat(asked).hasSizeGreaterThan(8).isSubsetOf(there);
        Set<String> documented = new TreeSet<>();
        Pattern.compile("^\\| `(clientproxy_[a-z_]+)", Pattern.MULTILINE)
                .matcher(Files.readString(Path.of("docs/observing.md")))
                .results()
                .forEach(found -> documented.add(found.group(1)));
        there.removeIf(name -> name.endsWith("_bucket") || name.endsWith("_sum") || name.endsWith("_count"));
        there.add("clientproxy_request_duration_seconds");
        there.add("clientproxy_queue_duration_seconds");
        there.add("clientproxy_resource_duration_seconds");
        assertThat(documented).isEqualTo(there);
    }

    @Test
    void healthSaysWhatIsWrong() throws Exception {
        assertThat(proxy.get("/observe/health/live").statusCode()).isEqualTo(200);
        Awaitility.await().until(() -> proxy.get("/observe/health/ready").statusCode() == 200);
        a.close();
        Awaitility.await().until(() -> proxy.get("/observe/health/ready").statusCode() == 503);
        String ready =
                proxy.get("/observe/health/ready?data=full&exposureLevel=full").body();
        assertThat(ready).contains("no session of worker@localhost is there to answer");
        assertThat(proxy.get("/observe/health/live").statusCode()).isEqualTo(200);
        a = proxy.worker("a");
        Awaitility.await().until(() -> proxy.get("/observe/health/ready").statusCode() == 200);
    }

    private static final String STREAM = "xmpp-component-proxy.localhost@127.0.0.1:";
    private static final String POOL = "client-proxy-proxy-pool";

    /** Of each check its state, and what it says. */
    private static Map<String, String> readiness(ObservedProxy observed) throws Exception {
        JsonObject body = (JsonObject) Jsoner.deserialize(observed.get("/observe/health/ready?data=full&exposureLevel=full")
                .body());
        Map<String, String> said = new HashMap<>();
        for (Object check : (JsonArray) body.get("checks")) {
            JsonObject each = (JsonObject) check;
            said.put(
                    each.getString("name").replaceAll("(@127.0.0.1:)\\d+", "$1"),
                    each.getString("status") + " " + each.getStringOrDefault("message", ""));
        }
        return said;
    }

    /** What an operator sees who has set up one thing after the other, and whose server dies then. */
    @Test
    void readinessNamesStreamAndPoolEachWithReasonAndRemedy() throws Exception {
        try (ObservedProxy observed = new ObservedProxy(Map.of())) {
            Awaitility.await().untilAsserted(() -> assertThat(readiness(observed))
                    .hasEntrySatisfying(STREAM, said -> assertThat(said).startsWith("UP"))
                    .hasEntrySatisfying(POOL, said -> assertThat(said)
                            .startsWith("DOWN no session of worker@localhost is there to answer; start an")));
            try (Worker worker = observed.worker("a")) {
                Awaitility.await().untilAsserted(() -> assertThat(readiness(observed))
                        .hasEntrySatisfying(STREAM, said -> assertThat(said).startsWith("UP"))
                        .hasEntrySatisfying(POOL, said -> assertThat(said).startsWith("UP")));
                assertThat(worker.resource).isEqualTo("a");
                observed.server.close();
                Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(readiness(observed))
                        .hasEntrySatisfying(STREAM, said -> assertThat(said)
                                .startsWith("DOWN no connection to 127.0.0.1")
                                .contains("Connection refused; the server must run there", "xmpp.host, xmpp.port"))
                        .hasEntrySatisfying(
                                POOL, said -> assertThat(said).startsWith("DOWN who is there is not known")));
            }
        }
    }

    @Test
    void itListensOnThisMachineOnly() throws Exception {
        for (NetworkInterface each : Collections.list(NetworkInterface.getNetworkInterfaces())) {
            for (InetAddress address : Collections.list(each.getInetAddresses())) {
                if (!address.isLoopbackAddress()) {
                    try (Socket socket = new Socket()) {
                        org.assertj.core.api.Assertions.assertThatThrownBy(
                                        () -> socket.connect(new InetSocketAddress(address, proxy.port), 1000))
                                .isInstanceOf(java.io.IOException.class);
                    }
                }
            }
        }
    }

    @Test
    void theConsoleShowsPoolAndErrors() throws Exception {
        proxy.alice.send("<iq type='get' id='two' to='proxy.localhost/x'><q xmlns='urn:q'/></iq>");
        proxy.alice.await("its answer", s -> "two".equals(s.id()));
        JsonObject root =
                (JsonObject) Jsoner.deserialize(proxy.get("/q/dev/client-proxy").body());
        JsonObject page = (JsonObject) ((JsonArray) ((JsonObject) root.get("client-proxy")).get("proxies")).get(0);
        assertThat(page.getString("domain")).isEqualTo("proxy.localhost");
        assertThat(page.getLong("requests")).isPositive();
        assertThat(((JsonArray) page.get("resources")).toString()).contains("worker@localhost/a");
        assertThat(proxy.get("/q/dev/client-proxy", "text/plain").body())
                .contains("proxy.localhost (proxy)")
                .contains("stream    ready")
                .contains("    a  requests=");
    }

    @Test
    void theBacklogTracerNamesRoutesAndSteps() throws Exception {
        proxy.ask();
        assertThat(proxy.get("/q/dev/trace?dump=true", "text/plain").body()
                        + proxy.get("/q/dev/trace?dump=true").body())
                .contains("proxy-correlate")
                .contains("proxy-translate-reply");
    }

    @Test
    void noPageTellsTheSecret() throws Exception {
        for (String page : List.of(
                "properties",
                "env",
                "context",
                "endpoint",
                "service",
                "bean",
                "consumer",
                "producer",
                "route",
                "trace",
                "variables",
                "system-properties",
                "route-dump",
                "source",
                "client-proxy")) {
            for (String type : List.of("text/plain", "application/json")) {
                assertThat(proxy.get("/q/dev/" + page, type).body()).as(page).doesNotContain(ObservedProxy.SECRET);
            }
        }
        assertThat(metrics()).doesNotContain(ObservedProxy.SECRET);
        assertThat(proxy.get("/observe/client-proxy/status").body()).doesNotContain(ObservedProxy.SECRET);
    }

    @Test
    void jmxHasAttributesAndOperationsButNoGroupsAndNoSecret() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        ObjectName name = server.queryNames(new ObjectName("org.apache.camel:type=client-proxy,*"), null)
                .iterator()
                .next();
        assertThat(name.getKeyProperty("name")).isEqualTo("\"proxy\"");
        assertThat(server.getAttribute(name, "StreamState")).isEqualTo("ready");
        assertThat((String[]) server.getAttribute(name, "Resources")).contains("worker@localhost/a");
        server.invoke(name, "retire", new Object[] {"a"}, new String[] {"java.lang.String"});
        assertThat(proxy.ask().type()).isEqualTo("error");
        server.invoke(name, "restore", new Object[] {"a"}, new String[] {"java.lang.String"});
        assertThat(proxy.ask().type()).isEqualTo("result");
        server.invoke(name, "pause", null, null);
        assertThat(new String(proxy.ask().content(), java.nio.charset.StandardCharsets.UTF_8))
                .contains("recipient-unavailable")
                .contains("paused");
        server.invoke(name, "resume", null, null);
        assertThat(proxy.ask().type()).isEqualTo("result");
        int connections = proxy.proxy.connections();
        server.invoke(name, "reconnect", null, null);
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> proxy.proxy.connections() == connections + 1
                        && proxy.proxy.stream().state() == StreamState.READY);
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> "result"
                .equals(proxy.ask().type()));

        Set<String> operations = new HashSet<>();
        for (ObjectName each : server.queryNames(new ObjectName("org.apache.camel:*"), null)) {
            Arrays.stream(server.getMBeanInfo(each).getOperations())
                    .map(MBeanFeatureInfo::getName)
                    .forEach(operations::add);
            for (var attribute : server.getMBeanInfo(each).getAttributes()) {
                if (attribute.isReadable()) {
                    try {
                        Object value = server.getAttribute(each, attribute.getName());
                        assertThat("" + value)
                                .as(each + " " + attribute.getName())
                                .doesNotContain(ObservedProxy.SECRET);
                    } catch (javax.management.JMException | RuntimeException e) {
                        // Some attributes of Camel have no value here.
                        continue;
                    }
                }
            }
        }
        assertThat(server.queryNames(new ObjectName("org.apache.camel:type=processors,*"), null))
                .extracting(each -> server.getAttribute(each, "ExchangesTotal"))
                .anyMatch(total -> (Long) total > 0);
        assertThat(operations).contains("retire").doesNotContain("forceDiscardingOfGroup", "forceCompletionOfGroup");
    }

    @Test
    void jmxHasStatisticsOfRoutesButOfStepsOnlyWhereTold() throws Exception {
        try (ObservedProxy routesOnly = new ObservedProxy(Map.of("camel.main.jmxEnabled", "true"));
                Worker worker = routesOnly.worker("a")) {
            assertThat(routesOnly.ask().type()).isEqualTo("result");
            assertThat(worker.answered).hasValue(1);
            MBeanServer server = ManagementFactory.getPlatformMBeanServer();
            String beans = "org.apache.camel:context=" + routesOnly.context().getManagementName() + ",type=";
            ObjectName stanzas = new ObjectName(beans + "routes,name=\"proxy-stanzas\"");
            // The request and its reply; presences came before them.
            assertThat((Long) server.getAttribute(stanzas, "ExchangesCompleted"))
                    .isGreaterThan(2);
            assertThat(server.queryNames(new ObjectName(beans + "processors,*"), null))
                    .isEmpty();
        }
    }

    @Test
    void theStatusPageMayRunNothingButItsOwnScript() throws Exception {
        HttpResponse<String> page = proxy.get("/observe/client-proxy", "text/html");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'")
                .contains("script-src 'sha256-")
                .doesNotContain("unsafe-inline");
        assertThat(page.body()).doesNotContain("innerHTML").doesNotContainPattern("https?://(?!www.w3.org/2000/svg)");
        JsonObject status = (JsonObject)
                Jsoner.deserialize(proxy.get("/observe/client-proxy/status").body());
        assertThat((JsonArray) status.get("proxies")).hasSize(1);
    }
}
