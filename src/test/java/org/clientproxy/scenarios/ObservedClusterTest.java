package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.SecondComponent;
import org.clientproxy.servers.FreePort;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What an operator sees of two nodes: one has the stream, the other one stands by, and each says how it is. */
class ObservedClusterTest {
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final LoopbackServer server =
            new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "component-secret");
    private final List<RunningProxy> nodes = new ArrayList<>();
    private final List<Integer> ports = List.of(FreePort.next(), FreePort.next());
    private final List<Integer> management = List.of(FreePort.next(), FreePort.next());
    private final HttpClient http = HttpClient.newHttpClient();

    @BeforeEach
    void start() throws Exception {
        server.secondComponent(SecondComponent.KICKS_THE_OLD);
        server.start();
    }

    @AfterEach
    void end() {
        nodes.forEach(RunningProxy::close);
        server.close();
    }

    private void node(int number) throws Exception {
        nodes.add(RunningProxy.start(
                server,
                Map.of(
                        "proxy.pending", "cluster",
                        "proxy.jat-key", "A".repeat(43),
                        "proxy.cluster.node", "" + number,
                        "proxy.cluster.bind", "127.0.0.1:" + ports.get(number - 1),
                        "proxy.cluster.nodes", "127.0.0.1:" + ports.get(0) + ",127.0.0.1:" + ports.get(1)),
                Map.of(
                        "camel.management.enabled", "true",
                        "camel.management.port", "" + management.get(number - 1),
                        "camel.main.devConsoleEnabled", "true",
                        "camel.management.devConsoleEnabled", "true")));
    }

    private String get(int number, String path) throws Exception {
        return http.send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management.get(number - 1) + path))
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    private void awaitBody(int number, String path, String... parts) {
        Awaitility.await().atMost(LIMIT).untilAsserted(() -> assertThat(get(number, path))
                .contains(parts));
    }

    @Test
    void aNodeAloneIsNotReadyAndTwoAreOfWhichOneStandsBy() throws Exception {
        node(1);
        awaitBody(
                1,
                "/observe/health/ready?data=full&exposureLevel=full",
                "this node sees 1 of 2 nodes and does not act with a majority");
        node(2);
        nodes.get(0).awaitReady();
        ProxyScenarios.accept(server);
        try (Worker worker = Worker.join(server, "a")) {
            for (int number : new int[] {1, 2}) {
                Awaitility.await("ready " + number).atMost(LIMIT).untilAsserted(() -> assertThat(
                                get(number, "/observe/health/ready?data=full&exposureLevel=full"))
                        .doesNotContain("DOWN")
                        .contains("client-proxy-proxy-cluster"));
            }
            assertThat(worker.resource).isEqualTo("a");
        }
        awaitBody(
                1,
                "/observe/metrics",
                "clientproxy_cluster_members{proxy=\"proxy.localhost\"} 2.0",
                "clientproxy_cluster_acting{proxy=\"proxy.localhost\"} 1.0",
                "clientproxy_cluster_standby{proxy=\"proxy.localhost\"} 0.0",
                "clientproxy_cluster_redundant{proxy=\"proxy.localhost\"} 1.0",
                "clientproxy_cluster_unprotected{proxy=\"proxy.localhost\"} 0.0",
                "clientproxy_cluster_unreadable{proxy=\"proxy.localhost\"} 0.0");
        awaitBody(2, "/observe/metrics", "clientproxy_cluster_standby{proxy=\"proxy.localhost\"} 1.0");
        awaitBody(
                2,
                "/observe/client-proxy/status",
                "\"cluster\":{",
                "\"node\":2",
                "\"members\":[1,2]",
                "\"streams\":[1]",
                "\"standby\":true");
        awaitBody(2, "/q/dev/client-proxy", "node 2 of 2, sees [1, 2], stream at [1], acting: true");
    }
}
