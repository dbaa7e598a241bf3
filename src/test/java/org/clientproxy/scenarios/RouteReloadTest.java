package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Route files are edited while the proxy runs, as an operator does with an editor. */
class RouteReloadTest {
    private static final String NEVER = """
            - route:
                id: gate
                from:
                  uri: direct:proxy-request-admitted
                  steps:
                    - throwException:
                        exceptionType: java.lang.SecurityException
                        message: nobody may pass
            """;

    @TempDir
    Path routes;

    private final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    private final CapturedLog log = CapturedLog.ofUs(Level.INFO);
    private RunningProxy proxy;
    private RawClient alice;
    private int ids;

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() {
        if (alice != null) {
            alice.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        server.close();
        log.close();
    }

    private Path file() {
        return routes.resolve("proxy.yaml");
    }

    private String shipped() throws Exception {
        return Files.readString(Path.of("routes/client-proxy.yaml"));
    }

    /** The shipped routes, with a filter that no request passes. */
    private String refusing() throws Exception {
        return shipped()
                .replaceAll(
                        "(?m)^( +)# (- validate:|    id: .*-accept\"|    description: What|    xpath:|      expression: )",
                        "$1$2")
                .replace("{{proxy.accept}}", "false()");
    }

    private void run(String routes, String text) throws Exception {
        run(routes, text, Map.of());
    }

    private void run(String routes, String text, Map<String, String> more) throws Exception {
        Files.writeString(file(), text);
        Map<String, String> keys = new HashMap<>(more);
        keys.putAll(
                Map.of("proxy.routes", routes, "proxy.drain-timeout", "1s", "proxy.max-pending-per-requester", "2000"));
        proxy = RunningProxy.startReady(server, keys);
        ProxyScenarios.accept(server);
        alice = RawClient.login(server, "alice", "pw", "home");
    }

    private String ask() throws Exception {
        String id = "ask" + ids++;
        alice.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return alice.await("the answer to " + id, s -> id.equals(s.id())).toXml();
    }

    private void awaitAnswer(String part) {
        Awaitility.await("an answer with " + part)
                .atMost(Duration.ofSeconds(30))
                .until(() -> ask().contains(part));
    }

    private void awaitLog(String part) {
        Awaitility.await(part).atMost(Duration.ofSeconds(30)).until(() -> logged(part) > 0);
    }

    private long logged(String part) {
        return log.events().stream().filter(each -> each.contains(part)).count();
    }

    @Test
    void anEditIsLiveAndSoIsItsUndoing() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            int streams = proxy.connections();
            Files.writeString(file(), refusing());
            awaitAnswer("not-acceptable");
            Files.writeString(file(), shipped());
            awaitAnswer("type='result'");
            assertThat(proxy.connections()).isEqualTo(streams);
            awaitThreeRoutes();
        }
    }

    /** Of a file whose edit is taken one route answers requests before the next one is started. */
    private void awaitThreeRoutes() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(proxy.context().getRoutes()).hasSize(3));
    }

    /** Each is reported with what is wrong, once, and nothing changes. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "name}}-failures | name}}-failures2 | without the route proxy-failures",
                "ref: \"{{proxy.name}}-choose | ref: \"{{proxy.name}}-chose | proxy-chose",
                "process: | porcess: | porcess",
                "\"{{proxy.endpoint}}\" | \"xmpp-component:x?secret=s&sekret=x\" | sekret",
                "\"{{proxy.endpoint}}\" | \"nowhere:x\" | nowhere",
                "\"{{proxy.endpoint}}\" | \"{{proxy.endpont}}\" | proxy.endpont",
                "ref: \"{{proxy.name}}-is-reply | simple: \"${header.x | header.x",
                // Right by itself, and starts in a trial; but the stream has one consumer only.
                "# The first route | - route: {id: thief, from: {uri: '{{proxy.endpoint}}&bridgeErrorHandler=false', steps: [{stop: {}}]}} # | there is a consumer",
            })
    void anEditThatIsWrongChangesNothing(String right, String wrong, String reported) throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            String text = shipped();
            assertThat(text).contains(right);
            int streams = proxy.connections();
            Files.writeString(file(), text.replace(right, wrong));
            awaitLog("an edit of the route files is not taken");
            assertThat(log.events()).anyMatch(each -> each.contains("is not taken") && each.contains(reported));
            for (int i = 0; i < 10; i++) {
                assertThat(ask()).contains("type='result'");
            }
            awaitThreeRoutes();
            Files.writeString(file(), refusing());
            awaitAnswer("not-acceptable");
            assertThat(logged("is not taken")).isOne();
            assertThat(proxy.connections()).isEqualTo(streams);
        }
    }

    @Test
    void theRouteThatHoldsThePendingRequestsWaitsForARestart() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            Files.writeString(file(), refusing().replace("-by-verdict", "-by-word"));
            awaitLog("the route proxy-correlate was edited");
            awaitAnswer("not-acceptable");
            assertThat(proxy.context().getProcessor("proxy-by-word")).isNull();
        }
    }

    @Test
    void requestsInFlightSurvive() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        RawClient worker = RawClient.login(server, "worker", "pw", "a");
        worker.send("<presence/>");
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            alice.send("<iq type='get' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        List<Stanza> forwarded = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            alice.send("<iq type='set' id='p" + i + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        }
        for (int i = 0; i < 1000; i++) {
            String id = "p" + i;
            forwarded.add(worker.await("request " + id, s -> id.equals(s.id())));
        }
        Files.writeString(file(), refusing());
        awaitLog("taken from the route files");
        for (Stanza request : forwarded) {
            worker.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
        }
        for (int i = 0; i < 1000; i++) {
            String id = "p" + i;
            assertThat(alice.await("the answer to " + id, s -> id.equals(s.id()))
                            .type())
                    .isEqualTo("result");
        }
        assertThat(ask()).contains("not-acceptable");
        assertThat(alice.unseen()).noneMatch(s -> s.id() != null && s.id().startsWith("p"));
        worker.close();
    }

    /** Full load, and an edit as soon as the last one is live. */
    @Test
    void editsUnderLoadLoseAndDoubleNothing() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker a = Worker.join(server, "a");
                Worker b = Worker.join(server, "b")) {
            awaitAnswer("type='result'");
            FaultLoad load = new FaultLoad(server, "bob", 0, 100);
            Awaitility.await().until(load::isServed);
            for (int i = 1; i <= 4; i++) {
                int edits = i;
                Files.writeString(file(), shipped() + "# edit " + i + "\n");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> logged("taken from the route files") == edits);
            }
            load.finish(Duration.ofSeconds(20));
            assertThat(load.unanswered()).isZero();
            assertThat(load.doubled() + load.forged() + load.errors()).isZero();
            assertThat(load.results()).isEqualTo(load.requests());
            load.close();
        }
    }

    @Test
    void filesBesideTheBuiltInRoutesComeAndGo() throws Exception {
        run("java,file:" + routes + "/extra/*.yaml", "");
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            Path extra = Files.createDirectory(routes.resolve("extra"));
            Path gate = Files.writeString(extra.resolve("gate.yaml"), NEVER);
            awaitAnswer("internal-server-error");
            Files.delete(gate);
            awaitAnswer("type='result'");
            Files.writeString(extra.resolve("proxy.yaml"), shipped());
            awaitLog("hold the route proxy-stanzas, which java stands for");
            assertThat(ask()).contains("type='result'");
        }
    }

    /** A gate that is edited is never open. */
    @Test
    void noRequestSlipsThroughAGateThatIsReplaced() throws Exception {
        run("java,file:" + routes + "/*.yaml", "[]");
        try (Worker worker = Worker.join(server, "a")) {
            Files.writeString(file(), NEVER);
            awaitAnswer("internal-server-error");
            FaultLoad load = new FaultLoad(server, "bob", 0, 100);
            Awaitility.await().until(() -> load.errors() > 0);
            for (int i = 1; i <= 4; i++) {
                int edits = i + 1;
                Files.writeString(file(), NEVER + "# edit " + i + "\n");
                Awaitility.await()
                        .atMost(Duration.ofSeconds(30))
                        .until(() -> logged("taken from the route files") == edits);
            }
            load.finish(Duration.ofSeconds(20));
            assertThat(load.unanswered()).isZero();
            assertThat(load.results()).isZero();
            load.close();
        }
    }

    @Test
    void theGateOfMessagesIsEditedLiveToo() throws Exception {
        run("java,file:" + routes + "/*.yaml", "[]", Map.of("proxy.messages", "on"));
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            Files.writeString(file(), NEVER.replace("request-admitted", "message-admitted"));
            awaitLog("taken from the route files");
            alice.send("<message type='chat' id='refused' to='proxy.localhost'><body>x</body></message>");
            assertThat(alice.await("the refusal", s -> "refused".equals(s.id())).toXml())
                    .contains("internal-server-error");
            Files.writeString(file(), "[]");
            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> logged("taken from the route files") == 2);
            alice.send("<message type='chat' id='passed' to='proxy.localhost'><body>x</body></message>");
            worker.client.await("the message", s -> "passed".equals(s.id()));
            assertThat(worker.client.unseen()).noneMatch(s -> "refused".equals(s.id()));
        }
    }

    /** As where files are mounted into containers: a link to a folder that changes, and links into it. */
    @Test
    void filesBehindSymbolicLinksAreFollowed() throws Exception {
        Path before = Files.createDirectory(routes.resolve("before"));
        Path after = Files.createDirectory(routes.resolve("after"));
        Files.writeString(before.resolve("proxy.yaml"), shipped());
        Files.writeString(after.resolve("proxy.yaml"), refusing());
        Path data = Files.createSymbolicLink(routes.resolve("data"), before);
        Path mounted = Files.createDirectory(routes.resolve("mounted"));
        Files.createSymbolicLink(mounted.resolve("proxy.yaml"), Path.of("../data/proxy.yaml"));
        Path link = Files.createSymbolicLink(routes.resolve("link"), mounted);
        run("file:" + link + "/*.yaml", "");
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            Files.delete(data);
            Files.createSymbolicLink(data, after);
            awaitAnswer("not-acceptable");
        }
    }

    /** Some editors delete a file before they write it again, and some write it piece by piece. */
    @Test
    void aFileThatIsAwayForAWhileIsReported() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            Files.delete(file());
            awaitLog("names no file");
            assertThat(ask()).contains("type='result'");
            Files.writeString(file(), refusing());
            awaitAnswer("not-acceptable");
            assertThat(logged("names no file")).isOne();
        }
    }

    /** What is wrong is the moment, not the edit. */
    @Test
    void anEditThatFindsTheNetworkThreadBusyIsTakenLater() throws Exception {
        run("file:" + routes + "/*.yaml", shipped());
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            CompletableFuture<Void> free = new CompletableFuture<>();
            proxy.stream().loop().execute(free::join);
            try {
                Files.writeString(file(), refusing());
                awaitLog("waits: requests are away at the gate, or the network thread is busy");
            } finally {
                free.complete(null);
            }
            awaitAnswer("not-acceptable");
            assertThat(logged("is not taken")).isZero();
            assertThat(logged("waits: ")).isOne();
        }
    }

    @Test
    void anEditStartsNoRouteOfOthersThatAnOperatorHasStopped() throws Exception {
        run("java,file:" + routes + "/*.yaml", "[]");
        try (Worker worker = Worker.join(server, "a")) {
            awaitAnswer("type='result'");
            proxy.context().getRouteController().stopRoute("proxy-stanzas");
            Files.writeString(file(), NEVER);
            awaitLog("taken from the route files");
            assertThat(ask()).contains("recipient-unavailable");
            proxy.context().getRouteController().startRoute("proxy-stanzas");
            assertThat(ask()).contains("internal-server-error");
        }
    }
}
