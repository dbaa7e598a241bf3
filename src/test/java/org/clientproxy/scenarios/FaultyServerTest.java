package org.clientproxy.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.clientproxy.loopback.LoopbackServer;
import org.clientproxy.loopback.LoopbackServer.Direction;
import org.clientproxy.loopback.RawClient;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a server that is made to fail can show: lost requests to subscribe, refusals, stanzas that none should pass on. */
class FaultyServerTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String ALICE = " from='alice@localhost/home' to='proxy.localhost'>";
    private static final Map<String, String> FAST = Map.of(
            "proxy.confirm-timeout", "1s",
            "proxy.drain-timeout", "1s",
            "proxy.reply-timeout", "15s",
            "xmpp.reconnect-min", "50ms",
            "xmpp.reconnect-max", "300ms");

    private final LoopbackServer server = new LoopbackServer(ProxyScenarios.ACCOUNTS, "proxy.localhost", "secret");
    private final List<AutoCloseable> opened = new ArrayList<>();
    private RunningProxy proxy;

    @BeforeEach
    void start() throws Exception {
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        server.close();
    }

    private void startProxy() throws Exception {
        proxy = RunningProxy.start(server, FAST);
        opened.add(proxy);
    }

    private RawClient client(String user, String resource) throws Exception {
        RawClient client = RawClient.login(server, user, "pw", resource);
        opened.add(client);
        return client;
    }

    /** A session of the target that the proxy knows, and that answers nothing by itself. */
    private RawClient silent(String resource) throws Exception {
        RawClient worker = client("worker", resource);
        worker.send("<presence/>");
        worker.await("the proxy's request to subscribe", s -> "subscribe".equals(s.type()));
        worker.send("<presence type='subscribed' to='proxy.localhost'/>");
        RawClient bob = client("bob", "setup");
        Awaitility.await("the proxy knows the session").atMost(LIMIT).until(() -> {
            bob.send("<iq type='get' id='setup' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
            return worker.poll(Stanza::isRequest, Duration.ofMillis(300)) != null;
        });
        return worker;
    }

    @Test
    void subscribesAgainWhenTheFirstRequestIsLost() throws Exception {
        server.faults().loseSubscribes(1);
        startProxy();
        proxy.awaitReady();
        silent("a");
    }

    @Test
    void waitsUntilTheServerLetsItIn() throws Exception {
        server.faults().refuse("resource-constraint");
        startProxy();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().lastFailure() != null);
        assertThat(proxy.stream().lastFailure()).contains("resource-constraint");
        server.faults().refuse(null);
        proxy.awaitReady();
        silent("a");
    }

    @Test
    void asksWhoIsThereAfterABreakInWhichOneResourceLeftAndAnotherCame() throws Exception {
        startProxy();
        proxy.awaitReady();
        RawClient left = silent("a");
        server.faults().refuse("resource-constraint");
        server.endComponentStream();
        Awaitility.await().atMost(LIMIT).until(() -> proxy.stream().state() != StreamState.READY);
        left.close();
        RawClient came = client("worker", "b");
        came.send("<presence/>");
        server.faults().refuse(null);
        proxy.awaitReady();
        RawClient alice = client("alice", "home");
        alice.send("<iq type='get' id='1' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        assertThat(came.await("the request", Stanza::isRequest).to()).isEqualTo("worker@localhost/b");
    }

    @Test
    void declaresThePrefixesOfTheStreamHeaderToTheResource() throws Exception {
        server.faults().headerExtra(" xmlns:p='urn:p'");
        startProxy();
        proxy.awaitReady();
        RawClient worker = silent("a");
        server.inject("<iq type='get' id='1'" + ALICE + "<p:q/></iq>");
        Stanza forwarded = worker.await("the request", s -> "1".equals(s.id()));
        assertThat(forwarded.attribute("xmlns:p")).isEqualTo("urn:p");
        assertThat(new String(forwarded.content(), StandardCharsets.UTF_8)).isEqualTo("<p:q/>");
    }

    @Test
    void answersWhatNoServerShouldPassOnWithErrorsOrNothingAndKeepsItsStream() throws Exception {
        startProxy();
        proxy.awaitReady();
        RawClient worker = silent("a");
        RawClient alice = client("alice", "home");
        List<Stanza> sent = new CopyOnWriteArrayList<>();
        server.tap((direction, stanza) -> {
            if (direction == Direction.FROM_COMPONENT && stanza.kind() != Stanza.Kind.PRESENCE) {
                sent.add(stanza);
            }
        });
        String q = "<q xmlns='urn:q'/></iq>";
        for (String silence : List.of(
                "<iq type='get' id='s1' from='alice@localhost/home'>" + q,
                "<iq type='get' id='s2' to='proxy.localhost'>" + q,
                "<iq type='get' id='s3' from='alice@localhost/home' to='other.localhost'>" + q,
                "<iq type='get' id='s4' from='proxy.localhost/x' to='proxy.localhost'>" + q,
                "<iq type='get' id='s5' from='@' to='proxy.localhost'>" + q,
                "<iq type='get'" + ALICE + q,
                "<iq type='strange' id='s6'" + ALICE + q,
                "<iq id='s7'" + ALICE + q,
                "<iq type='result' id='s8'" + ALICE + "</iq>",
                "<iq type='error' id='s9'" + ALICE + "</iq>",
                "<iq xmlns='jabber:client' type='get' id='s10'" + ALICE + q,
                "<strange id='s11'" + ALICE + "</strange>",
                "<message type='error' id='s12'" + ALICE + "</message>",
                "<presence type='error' id='s13'" + ALICE + "</presence>",
                "<presence type='nonsense' id='s14'" + ALICE + "</presence>",
                "<iq type='result' id='s15' from='worker@localhost/a' to='proxy.localhost/AQ'>" + q)) {
            server.inject(silence);
        }
        Map<String, String> refused = Map.of(
                "r1", "<iq type='get' id='r1'" + ALICE + "</iq>",
                "r2", "<iq type='set' id='r2'" + ALICE + "<a xmlns='urn:a'/><b xmlns='urn:b'/></iq>",
                "r3", "<iq type='get' id='r3'" + ALICE + "<undeclared:q/></iq>",
                "r4", "<iq type='get' id='r4'" + ALICE + "<q xmlns='urn:q'>" + "x".repeat(600 << 10) + "</q></iq>",
                "r5",
                        "<iq type='get' id='r5'" + ALICE + "<q xmlns='urn:q'>" + "<d>".repeat(20_000)
                                + "</d>".repeat(20_000) + "</q></iq>");
        refused.values().forEach(server::inject);
        for (String id : refused.keySet()) {
            Stanza answer = alice.await("the refusal of " + id, s -> id.equals(s.id()));
            assertThat(ProxyScenarios.condition(answer))
                    .as(id)
                    .isEqualTo(id.compareTo("r4") < 0 ? "bad-request" : "policy-violation");
        }
        alice.send("<iq type='get' id='good' to='proxy.localhost'><q xmlns='urn:q'/></iq>");
        Stanza forwarded = worker.await("the request", Stanza::isRequest);
        assertThat(forwarded.id()).isEqualTo("good");
        worker.send(Worker.reply(forwarded, ""));
        alice.await("the answer", s -> "good".equals(s.id()));
        assertThat(sent).as("the refusals, the good request and its answer").hasSize(refused.size() + 2);
        assertThat(alice.unseen()).isEmpty();
        assertThat(proxy.connections()).isEqualTo(1);
    }
}
