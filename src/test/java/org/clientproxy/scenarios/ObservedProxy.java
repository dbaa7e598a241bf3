package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.util.json.Jsoner;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;

/** A proxy over the loopback server with its management server on, the worker {@code a}, and Alice who asks. */
final class ObservedProxy implements AutoCloseable {
    static final String SECRET = "t0p-s3cret";

    final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", SECRET);
    final int port = FreePort.next();
    final RunningProxy proxy;
    final RawClient alice;
    private final HttpClient http = HttpClient.newHttpClient();
    private int count;

    ObservedProxy(Map<String, String> camelKeys) throws Exception {
        this(camelKeys, Map.of());
    }

    /** @param more keys of the proxy */
    ObservedProxy(Map<String, String> camelKeys, Map<String, String> more) throws Exception {
        server.start();
        Map<String, String> keys = new HashMap<>(camelKeys);
        keys.put("camel.management.enabled", "true");
        keys.put("camel.management.port", "" + port);
        Map<String, String> proxyKeys = new HashMap<>(Map.of("proxy.reply-timeout", "4s"));
        proxyKeys.putAll(more);
        proxy = RunningProxy.startReady(server, proxyKeys, keys);
        ProxyScenarios.accept(server);
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    /** One request, and its answer. */
    Stanza ask() throws Exception {
        return ask("<q xmlns='urn:q'/>");
    }

    Stanza ask(String payload) throws Exception {
        String id = "ask" + count++;
        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'>" + payload + "</iq>");
        return alice.await("the answer", s -> id.equals(s.id()));
    }

    /** A worker that the pool knows. */
    Worker worker(String resource) throws Exception {
        Worker worker = Worker.join(server, resource);
        Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> assertThat(
                        get("/observe/client-proxy/status").body())
                .contains("\"resource\":\"" + Jsoner.escape(resource) + '"'));
        return worker;
    }

    HttpResponse<String> get(String path) throws Exception {
        return get(path, "application/json");
    }

    HttpResponse<String> get(String path, String accept) throws Exception {
        return http.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                        .header("Accept", accept)
                        .timeout(Duration.ofSeconds(20))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /** Of the status page. */
    String url() {
        return "http://127.0.0.1:" + port + "/observe/client-proxy";
    }

    CamelContext context() {
        return proxy.context();
    }

    @Override
    public void close() {
        alice.close();
        proxy.close();
        server.close();
    }
}
