package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.FreePort;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The feature in a real Karaf, over plain Camel jars made bundles: installed, edited, extended, uninstalled, stopped. */
@EnabledIfSystemProperty(named = "karaf.home", matches = ".+", disabledReason = "runs with -Pkaraf")
class KarafIT {
    private static final String SECRET = "t0p-s3cret";
    private static final String TOKEN = "0perate-by-this-t0ken";
    private static final Duration LIMIT = Duration.ofSeconds(40);
    private static final Path TARGET = Path.of("target").toAbsolutePath();
    private static final String VERSION = System.getProperty("project.version");

    @TempDir
    Path directory;

    @Test
    void theFeatureServesFollowsEditsAndEndsCleanly() throws Exception {
        try (LoopbackServer one = server("proxy.localhost");
                LoopbackServer two = server("proxy.localhost");
                KarafProcess karaf = KarafProcess.start(
                        Path.of(System.getProperty("karaf.home")),
                        directory.resolve("karaf"),
                        Map.of("TEST_SECRET", SECRET))) {
            try {
                install(karaf);
                serves(karaf, one);
                isOperatedFromTheShell(karaf, one);
                isObservedAndOperatedOverHttp(karaf, one);
                keepsTheLastGoodConfiguration(karaf, one);
                followsAnEdit(karaf, one, two);
                runsASecondProxyWithRoutesInAFile(karaf, one);
                comesAsAnArchiveToo(karaf, two);
                endsWithAnAnswerToWhatIsPending(karaf, two);
                assertThat(karaf.log()).doesNotContain(SECRET);
                // Only what was written wrong on purpose.
                assertThat(karaf.log().lines().filter(line -> line.contains("| ERROR")))
                        .hasSize(5)
                        .allMatch(line -> line.contains("| ProxyManager ") || line.contains("| RouteReload "));
            } catch (Throwable e) {
                throw new AssertionError(String.join("\n", karaf.logOfProxies()) + "\n" + karaf.console(), e);
            }
        }
    }

    private static LoopbackServer server(String domain) throws Exception {
        LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, domain, SECRET);
        server.start();
        return server;
    }

    private static void install(KarafProcess karaf) throws Exception {
        Path repository =
                Files.createDirectories(karaf.home().resolve("system/org/clientproxy/camel-client-proxy/" + VERSION));
        String name = "camel-client-proxy-" + VERSION;
        Files.copy(TARGET.resolve("camel-client-proxy.jar"), repository.resolve(name + ".jar"));
        Files.copy(TARGET.resolve("karaf/features.xml"), repository.resolve(name + "-features.xml"));
        Files.copy(
                TARGET.resolveSibling("src/main/karaf/org.clientproxy.cfg"), repository.resolve(name + "-config.cfg"));
        karaf.type("feature:repo-add file:" + TARGET.resolve("karaf/camel-features.xml"));
        karaf.type("feature:repo-add mvn:org.clientproxy/camel-client-proxy/" + VERSION + "/xml/features");
        karaf.type("feature:install camel-client-proxy");
        // The file that comes with the feature sets nothing yet.
        karaf.awaitLog(0, "org.clientproxy.cfg is wrong, so this proxy does not run");
        assertThat(karaf.log())
                .contains("xmpp.secret is missing (or xmpp.secret-file); it is the secret")
                .contains("proxy.domain is missing")
                .contains("proxy.target is missing");
    }

    private static void serves(KarafProcess karaf, LoopbackServer server) throws Exception {
        configure(karaf, "org.clientproxy.cfg", settings(server));
        karaf.awaitLog(0, "proxy.localhost is ready, at 127.0.0.1:" + server.componentPort());
        ProxyScenarios.accept(server);
        proxies(server, "1");
        assertThat(karaf.home().resolve("client-proxy/proxy.jat-key")).exists();
        assertThat(karaf.type("service:list org.apache.camel.CamelContext"))
                .contains("camel.context.name = client-proxy");
    }

    private static void isOperatedFromTheShell(KarafProcess karaf, LoopbackServer server) throws Exception {
        try (Worker worker = Worker.join(server, "shell");
                RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            Awaitility.await().atMost(LIMIT).until(() -> "result".equals(ask(alice)));
            assertThat(karaf.type("clientproxy:status"))
                    .contains("proxy.localhost (proxy)")
                    .contains("stream    ready")
                    .contains("    shell  requests=");
            assertThat(karaf.type("clientproxy:retire proxy " + worker.resource))
                    .contains("worker@localhost/shell gets no new requests");
            assertThat(karaf.type("clientproxy:status proxy")).contains("state=retired");
            assertThat(ask(alice)).isEqualTo("error");
            assertThat(karaf.type("clientproxy:restore proxy worker@localhost/shell"))
                    .contains("worker@localhost/shell gets new requests.");
            assertThat(karaf.type("clientproxy:pause proxy")).contains("proxy.localhost refuses new requests");
            assertThat(ask(alice)).isEqualTo("error");
            assertThat(karaf.type("clientproxy:resume proxy")).contains("proxy.localhost takes new requests.");
            assertThat(ask(alice)).isEqualTo("result");
            int seen = karaf.log().length();
            assertThat(karaf.type("clientproxy:reconnect proxy")).contains("makes its stream to the server anew");
            karaf.awaitLog(seen, "proxy.localhost is ready");
            assertThat(karaf.type("clientproxy:pause nobody")).contains("There is no proxy nobody here.");
            assertThat(karaf.type("clientproxy:retire proxy nobody"))
                    .contains("nobody is not in the pool of worker@localhost.");
            assertThat(karaf.type("clientproxy:status nobody")).contains("No such proxy runs.");
        }
    }

    private static String ask(RawClient requester) throws Exception {
        String id = "ask" + System.nanoTime();
        requester.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return requester.await("the answer", s -> id.equals(s.id())).type();
    }

    private static void isObservedAndOperatedOverHttp(KarafProcess karaf, LoopbackServer server) throws Exception {
        Map<String, String> settings = settings(server);
        int port = FreePort.next();
        settings.put("camel.management.enabled", "true");
        settings.put("camel.management.port", "" + port);
        settings.put("management.token", TOKEN);
        int seen = karaf.log().length();
        configure(karaf, "org.clientproxy.cfg", settings);
        karaf.awaitLog(seen, "camel.management.enabled=true needs the feature camel-client-proxy-management");
        karaf.awaitLog(seen, "back to what it was before");
        // It starts the bundle anew, and the file is as it was.
        karaf.type("feature:install camel-client-proxy-management");
        String url = "http://127.0.0.1:" + port + "/observe/";
        try (Worker worker = Worker.join(server, "web")) {
            Awaitility.await("the proxy is ready")
                    .atMost(LIMIT)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(() -> http(url + "health/ready", "").startsWith("200 "));
            assertThat(http(url + "health/ready?data=full&exposureLevel=full", ""))
                    .contains("client-proxy-proxy-pool", "xmpp-component-proxy.localhost@");
            assertThat(http(url + "health/live?data=full&exposureLevel=full", ""))
                    .startsWith("200 ")
                    .contains("client-proxy-proxy-loop");
            assertThat(http(url + "metrics", ""))
                    .contains("clientproxy_requests_total{proxy=\"proxy.localhost\"}")
                    .contains("clientproxy_resource_requests_total{proxy=\"proxy.localhost\",resource=\"web\"}");
            assertThat(http(url + "client-proxy", "")).contains("<body data-operable>");
            assertThat(http(url + "client-proxy/status", "")).contains("\"resource\":\"" + worker.resource + '"');
            assertThat(http(url + "client-proxy/proxy/pause", "token=wrong")).startsWith("401 ");
            assertThat(http(url + "client-proxy/proxy/pause", "token=" + TOKEN)).startsWith("200 ");
            assertThat(karaf.type("clientproxy:status")).contains("paused: true");
        }
        seen = karaf.log().length();
        configure(karaf, "org.clientproxy.cfg", settings(server));
        karaf.awaitLog(seen, "proxy.localhost is ready");
        assertThatThrownBy(() -> http(url + "metrics", "")).isInstanceOf(IOException.class);
        assertThat(karaf.log()).doesNotContain(TOKEN);
    }

    /** GET, or POST where there is a form; status and body. */
    private static String http(String url, String form) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT);
        if (!form.isEmpty()) {
            request.header("Content-Type", "application/x-www-form-urlencoded")
                    .POST(HttpRequest.BodyPublishers.ofString(form));
        }
        HttpResponse<String> response =
                HttpClient.newHttpClient().send(request.build(), HttpResponse.BodyHandlers.ofString());
        return response.statusCode() + " " + response.body();
    }

    private static void keepsTheLastGoodConfiguration(KarafProcess karaf, LoopbackServer server) throws Exception {
        int seen = karaf.log().length();
        Map<String, String> wrong = settings(server);
        wrong.put("proxy.reply-timeout", "soon");
        wrong.put("proxy.reply-tiemout", "5s");
        configure(karaf, "org.clientproxy.cfg", wrong);
        karaf.awaitLog(seen, "org.clientproxy.cfg is wrong, so this proxy goes on as it was configured before");
        assertThat(karaf.log().substring(seen))
                .contains("proxy.reply-timeout is soon, which is not allowed")
                .contains("did you mean proxy.reply-timeout?");
        proxies(server, "2");
        seen = karaf.log().length();
        wrong = settings(server);
        wrong.put("proxy.routes", "file:none/*.yaml");
        configure(karaf, "org.clientproxy.cfg", wrong);
        karaf.awaitLog(seen, "this proxy cannot start: proxy.routes=file:none/*.yaml names no file");
        karaf.awaitLog(seen, "back to what it was before");
        proxies(server, "3");
    }

    private static void followsAnEdit(KarafProcess karaf, LoopbackServer before, LoopbackServer after)
            throws Exception {
        int seen = karaf.log().length();
        Map<String, String> live = settings(before);
        live.put("proxy.deny", "eve@localhost");
        configure(karaf, "org.clientproxy.cfg", live);
        karaf.awaitLog(seen, "proxy.localhost takes an edit; now: proxy.deny");
        assertThat(karaf.log().substring(seen)).doesNotContain("stopping");
        configure(karaf, "org.clientproxy.cfg", settings(after));
        karaf.awaitLog(0, "proxy.localhost is ready, at 127.0.0.1:" + after.componentPort());
        ProxyScenarios.accept(after);
        proxies(after, "4");
        try (RawClient alice = RawClient.login(before, "alice", "pw", "home")) {
            alice.send("<iq type='get' id='left' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            assertThat(alice.await("an error", s -> "left".equals(s.id())).type())
                    .isEqualTo("error");
        }
    }

    private static void runsASecondProxyWithRoutesInAFile(KarafProcess karaf, LoopbackServer server) throws Exception {
        Path routes = Files.createDirectories(karaf.home().resolve("etc/client-proxy"));
        Files.writeString(routes.resolve("second.yaml"), Files.readString(Path.of("routes/client-proxy.yaml")));
        Map<String, String> settings = settings(server);
        // A route of the operator's own, in XML, with a key of the operator's own.
        Files.writeString(
                routes.resolve("hello.xml"),
                "<routes><route id='hello'><from uri='direct:{{example.hello}}'/><log message='hello'/></route></routes>");
        settings.put("example.hello", "hello");
        settings.put("proxy.routes", "file:${karaf.etc}/client-proxy/*");
        int seen = karaf.log().length();
        configure(karaf, "org.clientproxy-second.cfg", settings);
        karaf.awaitLog(seen, "proxy.localhost is ready, at 127.0.0.1:" + server.componentPort());
        proxies(server, "5");
        assertThat(karaf.type("service:list org.apache.camel.CamelContext"))
                .contains("camel.context.name = client-proxy-second");
        editsTheRoutesLive(karaf, server, routes.resolve("second.yaml"));
        seen = karaf.log().length();
        Files.delete(karaf.home().resolve("etc/org.clientproxy-second.cfg"));
        karaf.awaitLog(seen, "org.clientproxy-second.cfg: stopped");
    }

    private static void editsTheRoutesLive(KarafProcess karaf, LoopbackServer server, Path file) throws Exception {
        String yaml = Files.readString(file);
        int seen = karaf.log().length();
        Files.writeString(file, yaml.replace("ref: \"{{proxy.name}}-choose\"", "ref: \"{{proxy.name}}-chose\""));
        karaf.awaitLog(seen, "is not taken");
        assertThat(karaf.log().substring(seen)).contains("second-chose");
        proxies(server, "51");
        seen = karaf.log().length();
        Files.writeString(file, yaml + "# edited\n");
        karaf.awaitLog(seen, "taken from the route files");
        proxies(server, "52");
    }

    private static void comesAsAnArchiveToo(KarafProcess karaf, LoopbackServer server) throws Exception {
        int seen = karaf.log().length();
        karaf.type("feature:uninstall camel-client-proxy-management camel-client-proxy");
        karaf.awaitLog(seen, "org.clientproxy.cfg: stopped");
        assertThat(karaf.type("bundle:list -s")).doesNotContain("org.clientproxy");
        assertThat(karaf.type("service:list org.apache.camel.CamelContext")).doesNotContain("client-proxy");
        karaf.type("feature:repo-remove camel-client-proxy-" + VERSION);
        // From the archive alone.
        Path repository = karaf.home().resolve("system/org/clientproxy");
        Files.move(repository, repository.resolveSibling("gone"), StandardCopyOption.ATOMIC_MOVE);
        Path woodstox = karaf.home().resolve("system/com/fasterxml");
        Files.move(woodstox, woodstox.resolveSibling("gone-too"), StandardCopyOption.ATOMIC_MOVE);
        seen = karaf.log().length();
        karaf.type("kar:install file:" + TARGET.resolve("camel-client-proxy-kar.kar"));
        // The configuration is there still.
        karaf.awaitLog(seen, "proxy.localhost is ready, at 127.0.0.1:" + server.componentPort());
        proxies(server, "6");
    }

    private static void endsWithAnAnswerToWhatIsPending(KarafProcess karaf, LoopbackServer server) throws Exception {
        try (RawClient silent = RawClient.login(server, "worker", "pw", "silent");
                RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            silent.send("<presence/>");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                alice.send("<iq type='get' id='pending' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                return silent.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
            });
            int seen = karaf.log().length();
            int code = karaf.terminate();
            assertThat(alice.await("the answer", s -> "pending".equals(s.id())).toXml())
                    .contains("recipient-unavailable");
            assertThat(code).isIn(0, 143);
            assertThat(karaf.log().substring(seen)).contains("org.clientproxy.cfg: stopped");
        }
    }

    private static Map<String, String> settings(LoopbackServer server) {
        return new HashMap<>(Map.of(
                "xmpp.host",
                "127.0.0.1",
                "xmpp.port",
                "" + server.componentPort(),
                "xmpp.secret",
                "$[env:TEST_SECRET]",
                "proxy.domain",
                "proxy.localhost",
                "proxy.target",
                "worker@localhost",
                "proxy.drain-timeout",
                "1s"));
    }

    private static void configure(KarafProcess karaf, String file, Map<String, String> keys) throws Exception {
        StringBuilder text = new StringBuilder();
        keys.forEach((key, value) -> text.append(key).append('=').append(value).append('\n'));
        Files.writeString(karaf.home().resolve("etc").resolve(file), text, StandardCharsets.UTF_8);
    }

    private static void proxies(LoopbackServer server, String id) throws Exception {
        try (Worker worker = Worker.join(server, "a" + id);
                RawClient alice = RawClient.login(server, "alice", "pw", "home")) {
            Awaitility.await("a request is proxied")
                    .atMost(Duration.ofSeconds(20))
                    .until(() -> {
                        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
                        return "result"
                                .equals(alice.await("the answer", s -> id.equals(s.id()))
                                        .type());
                    });
            assertThat(worker.answered.get()).isPositive();
        }
    }
}
