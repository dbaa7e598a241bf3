package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckRegistry;
import org.awaitility.Awaitility;
import org.clientproxy.component.XmppComponentEndpoint;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.servers.FreePort;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code application.properties} is edited while the process runs, as an operator does with an editor. */
class LiveConfigurationTest {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret");
    private final LoopbackServer other = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "t0p-s3cret");
    private final Map<String, String> keys = new HashMap<>();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private CapturedLog log;
    private RunningProxy proxy;
    private final int management = FreePort.next();
    private int ids;

    @BeforeEach
    void start() throws Exception {
        log = open(CapturedLog.ofUs(Level.INFO));
        open(server).start();
        open(other).start();
        keys.putAll(Map.of(
                "xmpp.host", "127.0.0.1",
                "xmpp.port", "" + server.componentPort(),
                "xmpp.secret", "t0p-s3cret",
                "proxy.domain", "proxy.localhost",
                "proxy.target", "worker@localhost",
                "proxy.data-dir", directory.resolve("data").toString(),
                "proxy.drain-timeout", "1s",
                "proxy.max-pending-per-requester", "2000"));
    }

    @AfterEach
    void end() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T open(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private Path file() {
        return directory.resolve("application.properties");
    }

    private void write() throws Exception {
        Files.writeString(
                file(),
                keys.entrySet().stream()
                        .map(each -> each.getKey() + '=' + each.getValue() + '\n')
                        .collect(Collectors.joining()));
    }

    private void run() throws Exception {
        run(Map.of());
    }

    private void run(Map<String, String> environment) throws Exception {
        write();
        proxy = open(RunningProxy.startWatching(
                file(),
                environment,
                Map.of("camel.management.enabled", "true", "camel.management.port", "" + management)));
    }

    private void edit(String key, String value) throws Exception {
        keys.put(key, value);
        write();
    }

    private RawClient alice() throws Exception {
        return open(RawClient.login(server, "alice", "pw", "home"));
    }

    private String ask(RawClient client) throws Exception {
        String id = "ask" + ids++;
        client.send("<iq type='get' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        return client.await("the answer to " + id, s -> id.equals(s.id())).toXml();
    }

    private void awaitAnswer(RawClient client, String part) {
        Awaitility.await("an answer with " + part).atMost(LIMIT).until(() -> ask(client)
                .contains(part));
    }

    private void awaitLog(String part) {
        Awaitility.await(part).atMost(LIMIT).until(() -> logged(part) > 0);
    }

    private long logged(String part) {
        return log.events().stream().filter(each -> each.contains(part)).count();
    }

    /** The load goes on through each edit, and none of its requests is refused or lost. */
    @Test
    void limitsAndTimesChangeUnderLoadWithoutABreak() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        FaultLoad load = open(new FaultLoad(server, "bob", 0, 100));
        Awaitility.await().atMost(LIMIT).until(load::isServed);
        // Higher than what is in flight: it must not be felt.
        edit("proxy.max-pending", "1500");
        awaitLog("takes an edit; now: proxy.max-pending");
        edit("proxy.reply-timeout", "30s");
        awaitLog("takes an edit; now: proxy.reply-timeout");
        edit("proxy.selection", "least-pending");
        awaitLog("takes an edit; now: proxy.selection");
        long results = load.results();
        Awaitility.await().atMost(LIMIT).until(() -> load.results() > results);
        load.finish(Duration.ofSeconds(20));
        assertThat(load.unanswered()).isZero();
        assertThat(load.doubled() + load.forged() + load.errors()).isZero();
        assertThat(load.results()).isEqualTo(load.requests());
        assertThat(proxy.connections()).isOne();
    }

    @Test
    void aLimitThatIsLoweredBelowWhatIsPendingBreaksNoneOfThat() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        RawClient worker = open(RawClient.login(server, "worker", "pw", "a"));
        worker.send("<presence/>");
        RawClient alice = alice();
        Awaitility.await().atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        List<Stanza> forwarded = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            String id = "p" + i;
            alice.send("<iq type='set' id='" + id + "' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            forwarded.add(worker.await("request " + id, s -> id.equals(s.id())));
        }
        edit("proxy.max-pending-per-requester", "20");
        awaitLog("takes an edit; now: proxy.max-pending-per-requester");
        assertThat(ask(alice)).contains("resource-constraint");
        for (Stanza request : forwarded) {
            worker.send(Worker.reply(request, "<r xmlns='urn:r'/>"));
        }
        for (int i = 0; i < 50; i++) {
            String id = "p" + i;
            assertThat(alice.await("the answer to " + id, s -> id.equals(s.id()))
                            .type())
                    .isEqualTo("result");
        }
        assertThat(proxy.connections()).isOne();
    }

    @Test
    void whoMayAskIsEditedAndSoIsWhoServes() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient alice = alice();
        awaitAnswer(alice, "type='result'");
        edit("proxy.deny", "alice@localhost");
        awaitAnswer(alice, "forbidden");
        edit("proxy.deny", "");
        awaitAnswer(alice, "type='result'");
        edit("proxy.resources", "b*");
        awaitAnswer(alice, "service-unavailable");
        Worker b = open(Worker.join(server, "b1"));
        awaitAnswer(alice, "type='result'");
        assertThat(b.answered.get()).isPositive();
        // Who was left out is asked for again.
        b.close();
        edit("proxy.resources", "a");
        awaitAnswer(alice, "type='result'");
        assertThat(proxy.connections()).isOne();
    }

    @Test
    void aWrongEditIsReportedOnceAndChangesNothing() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient alice = alice();
        awaitAnswer(alice, "type='result'");
        keys.put("proxy.deny", "alice@localhost");
        keys.put("proxy.atempts", "3");
        edit("proxy.reply-timeout", "soon");
        awaitLog("an edit of application.properties is not taken");
        assertThat(log.events())
                .filteredOn(each -> each.contains("is not taken"))
                .singleElement()
                .asString()
                .startsWith("ERROR")
                .contains("proxy.reply-timeout is soon", "did you mean proxy.attempts?", "everything goes on as before")
                .doesNotContain("t0p-s3cret");
        for (int i = 0; i < 10; i++) {
            assertThat(ask(alice)).contains("type='result'");
        }
        // The log is told first.
        Awaitility.await().atMost(LIMIT).until(() -> healthDetails().contains("proxy.reply-timeout is soon"));
        assertThat(get("/client-proxy/status")).contains("proxy.reply-timeout is soon");
        keys.remove("proxy.atempts");
        edit("proxy.reply-timeout", "20s");
        awaitAnswer(alice, "forbidden");
        assertThat(logged("is not taken")).isOne();
        assertThat(healthDetails()).doesNotContain("soon");
        assertThat(proxy.connections()).isOne();
    }

    private String healthDetails() {
        return HealthCheckRegistry.get(proxy.context())
                .getCheck("client-proxy-proxy-pool")
                .orElseThrow()
                .call()
                .getDetails()
                .toString();
    }

    private String get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + management + "/observe" + path))
                                .header("Accept", "*/*")
                                .timeout(Duration.ofSeconds(20))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
    }

    /** As some editors save: a part first; or another file that takes its place. */
    @Test
    void aFileThatIsBeingWrittenIsNotTaken() throws Exception {
        run();
        proxy.awaitReady();
        Files.delete(file());
        awaitLog("is not there any more");
        keys.put("proxy.attempts", "3");
        Path beside = directory.resolve("application.properties~");
        Files.writeString(beside, "proxy.domain=proxy.localhost\n");
        Path real = file();
        write();
        Files.move(real, beside, StandardCopyOption.REPLACE_EXISTING);
        Files.move(beside, real, StandardCopyOption.ATOMIC_MOVE);
        awaitLog("takes an edit; now: proxy.attempts");
        assertThat(logged("is not taken")).isOne();
    }

    @Test
    void whatAnEnvironmentVariableSaysIsStronger() throws Exception {
        run(Map.of("PROXY_ATTEMPTS", "4"));
        proxy.awaitReady();
        keys.put("camel.main.name", "other");
        edit("proxy.attempts", "3");
        awaitLog("but the environment variable PROXY_ATTEMPTS is stronger");
        awaitLog("taken at the next start of the process only: camel.main.name");
        awaitLog("nothing of that changes a proxy now");
        assertThat(logged("takes an edit")).isZero();
    }

    @Test
    void theSecretIsReadFromItsFileAtEachConnection() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), "t0p-s3cret\n");
        keys.remove("xmpp.secret");
        keys.put("xmpp.secret-file", secret.toString());
        run();
        proxy.awaitReady();
        Files.writeString(secret, "an0ther-s3cret\n");
        server.changeSecret("an0ther-s3cret");
        server.dropComponent(null);
        Awaitility.await().atMost(LIMIT).until(() -> proxy.connections() == 2);
        Files.delete(secret);
        server.dropComponent(null);
        Awaitility.await().atMost(LIMIT).until(() -> proxy.connections() == 3);
        server.dropComponent(null);
        Awaitility.await().atMost(LIMIT).until(() -> proxy.connections() == 4);
        assertThat(log.events())
                .filteredOn(each -> each.contains("connections are made with what was there before"))
                .singleElement()
                .asString()
                .startsWith("WARN")
                .contains("xmpp.secret-file", "there is no such file");
        assertThat(log.events()).noneMatch(each -> each.contains("s3cret"));
    }

    /** After a refusal the next attempt is a minute away; nobody has to wait for it. */
    @Test
    void aSecretThatIsCorrectedIsTriedAtOnce() throws Exception {
        keys.put("xmpp.secret", "wr0ng-s3cret");
        run();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
        edit("xmpp.secret", "t0p-s3cret");
        awaitLog("takes an edit; at the next connection: xmpp.secret");
        proxy.awaitReady();
        server.changeSecret("an0ther-s3cret");
        edit("xmpp.secret", "an0ther-s3cret");
        Awaitility.await().atMost(LIMIT).until(() -> logged("takes an edit; at the next connection: xmpp.secret") == 2);
        // What is good goes on.
        assertThat(proxy.connections()).isOne();
        server.dropComponent(null);
        Awaitility.await().atMost(LIMIT).until(() -> proxy.connections() == 2);
        assertThat(log.events()).noneMatch(each -> each.contains("s3cret"));
    }

    private void two() throws Exception {
        keys.keySet().removeAll(List.of("xmpp.port", "proxy.domain", "proxy.target"));
        keys.putAll(Map.of(
                "proxies", "a,b",
                "proxy.a.domain", "proxy.localhost",
                "proxy.a.target", "worker@localhost",
                "proxy.a.xmpp.port", "" + server.componentPort(),
                "proxy.b.domain", "proxy.localhost",
                "proxy.b.target", "worker@localhost",
                "proxy.b.xmpp.port", "" + other.componentPort()));
    }

    private StreamState state(LoopbackServer at) {
        return proxy.context().getEndpoints().stream()
                .filter(XmppComponentEndpoint.class::isInstance)
                .map(XmppComponentEndpoint.class::cast)
                .filter(each -> each.getPort() == at.componentPort())
                .map(each -> StreamState.valueOf(each.getStreamState()))
                .findFirst()
                .orElse(StreamState.DISCONNECTED);
    }

    /** A route is listed once it has started, which may be after its stream is ready and requests are answered. */
    private void awaitRoutes(int count) {
        Awaitility.await()
                .atMost(LIMIT)
                .untilAsserted(() -> assertThat(proxy.context().getRoutes()).hasSize(count));
    }

    private void awaitReady(LoopbackServer at) {
        Awaitility.await().atMost(LIMIT).until(() -> state(at) == StreamState.READY);
    }

    @Test
    void aProxyIsRestartedInTheProcessAndTheOtherDoesNotNotice() throws Exception {
        two();
        run();
        awaitReady(server);
        awaitReady(other);
        ProxyScenarios.accept(server);
        ProxyScenarios.accept(other);
        open(Worker.join(server, "a"));
        open(Worker.join(other, "a"));
        open(Worker.join(other, "b"));
        RawClient alice = alice();
        awaitAnswer(alice, "type='result'");
        FaultLoad load = open(new FaultLoad(other, "bob", 0, 100));
        Awaitility.await().atMost(LIMIT).until(load::isServed);
        // Alice is not at this one, so what she gets says which one runs.
        edit("proxy.a.accept", "false()");
        awaitLog("takes an edit; by a restart of the proxy: proxy.accept");
        awaitAnswer(alice, "not-acceptable");
        edit("proxy.a.accept", "");
        awaitAnswer(alice, "type='result'");
        load.finish(Duration.ofSeconds(20));
        assertThat(load.unanswered()).isZero();
        assertThat(load.doubled() + load.forged() + load.errors()).isZero();
        assertThat(load.results()).isEqualTo(load.requests());
        assertThat(logged("proxy.localhost is stopping; the process goes on")).isEqualTo(2);
        awaitRoutes(6);
        assertThat(log.events()).noneMatch(each -> each.startsWith("ERROR"));
    }

    @Test
    void aRestartAnswersWhatIsPending() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        RawClient worker = open(RawClient.login(server, "worker", "pw", "a"));
        worker.send("<presence/>");
        RawClient alice = alice();
        Awaitility.await().atMost(LIMIT).until(() -> {
            alice.send("<iq type='get' id='warm' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        alice.send("<iq type='set' id='in-flight' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        Stanza forwarded = worker.await("the request", s -> "in-flight".equals(s.id()));
        keys.put("proxy.drain-timeout", "20s");
        edit("proxy.encoded-from", "plain");
        // The drain of the running proxy is still the one that it was configured with.
        awaitLog("is stopping; the process goes on");
        worker.send(Worker.reply(forwarded, "<r xmlns='urn:r'/>"));
        Stanza answer = alice.await("its one answer", s -> "in-flight".equals(s.id()));
        assertThat(answer.isReply()).isTrue();
        Awaitility.await().atMost(LIMIT).until(() -> logged("proxy.localhost is ready") == 2);
        worker.close();
        open(Worker.join(server, "b"));
        awaitAnswer(alice, "type='result'");
        assertThat(alice.unseen()).noneMatch(s -> "in-flight".equals(s.id()));
        // Whatever shows the proxy shows the one that runs.
        assertThat(get("/client-proxy/status")).containsOnlyOnce("\"domain\"").contains("\"resource\":\"b\"");
        assertThat(get("/metrics").lines())
                .filteredOn(line -> line.startsWith("clientproxy_stream_state") && line.contains("state=\"ready\""))
                .singleElement()
                .asString()
                .endsWith(" 1.0");
        assertThat(healthDetails()).contains("resources=1");
    }

    @Test
    void aProxyComesAndGoesInTheFile() throws Exception {
        two();
        keys.put("proxies", "a");
        keys.keySet().removeIf(key -> key.startsWith("proxy.b."));
        run();
        awaitReady(server);
        two();
        write();
        awaitReady(other);
        awaitRoutes(6);
        keys.put("proxies", "b");
        keys.keySet().removeIf(key -> key.startsWith("proxy.a."));
        write();
        awaitLog("the proxy a is there no more, and ends");
        Awaitility.await().atMost(LIMIT).until(() -> state(server) == StreamState.DISCONNECTED);
        awaitRoutes(3);
        assertThat(state(other)).isEqualTo(StreamState.READY);
    }

    @Test
    void theRoutesMoveToAFileAndBack() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient alice = alice();
        awaitAnswer(alice, "type='result'");
        Path routes = Files.copy(Path.of("routes/client-proxy.yaml"), directory.resolve("routes.yaml"));
        edit("proxy.routes", "file:" + routes);
        Awaitility.await().atMost(LIMIT).until(() -> logged("proxy.localhost is ready") == 2);
        awaitAnswer(alice, "type='result'");
        // The files are looked at by the proxy that runs, and by no other.
        Files.writeString(routes, Files.readString(routes) + "# edited\n");
        awaitLog("taken from the route files");
        edit("proxy.routes", "java");
        Awaitility.await().atMost(LIMIT).until(() -> logged("proxy.localhost is ready") == 3);
        awaitAnswer(alice, "type='result'");
        awaitRoutes(3);
        assertThat(logged("taken from the route files")).isOne();
        assertThat(log.events()).noneMatch(each -> each.startsWith("ERROR"));
    }

    /** The branch for messages is not in the file, so they would be dropped without a word. */
    @Test
    void whatTheRouteFilesHaveNoBranchForIsNotTurnedOn() throws Exception {
        String shipped = Files.readString(Path.of("routes/client-proxy.yaml"));
        Path routes = directory.resolve("routes.yaml");
        Files.writeString(routes, shipped.replace("id: \"{{proxy.name}}-admit-message\"", "id: other"));
        keys.put("proxy.routes", "file:" + routes);
        run();
        proxy.awaitReady();
        edit("proxy.messages", "on");
        awaitLog("is not taken, everything goes on as before");
        assertThat(log.events())
                .anyMatch(each -> each.contains("without the step proxy-admit-message in the branch proxy-is-message,"
                        + " which proxy.messages wants"));
        assertThat(logged("takes an edit")).isZero();
        edit("proxy.attempts", "2");
        awaitLog("is not taken, everything goes on as before");
        Files.writeString(routes, shipped);
        awaitLog("taken from the route files");
        edit("proxy.attempts", "3");
        awaitLog("takes an edit; now: proxy.");
        // From now on the file needs it.
        Files.writeString(routes, shipped.replace("id: \"{{proxy.name}}-admit-message\"", "id: other"));
        awaitLog("an edit of the route files is not taken");
    }

    @Test
    void aProxyThatCannotStartAsEditedStartsAsItWas() throws Exception {
        run();
        proxy.awaitReady();
        ProxyScenarios.accept(server);
        open(Worker.join(server, "a"));
        RawClient alice = alice();
        awaitAnswer(alice, "type='result'");
        edit("proxy.routes", "file:" + directory + "/none.yaml");
        awaitLog("cannot start as it is configured now");
        assertThat(log.events())
                .anyMatch(each -> each.startsWith("ERROR")
                        && each.contains("none.yaml names no file")
                        && each.contains("it starts as it was before"));
        awaitAnswer(alice, "type='result'");
        edit("proxy.routes", "java");
        edit("proxy.deny", "alice@localhost");
        awaitAnswer(alice, "forbidden");
    }
}
