package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.model.ToDynamicDefinition;
import org.awaitility.Awaitility;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of {@code routes/examples} that need no server. */
class ExamplesTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(String example) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> with(example, settings)).ready(A);
    }

    /** As an operator adds it, beside the routes that are there. */
    private static ProxySettings with(String example, ProxySettings settings) {
        return new SettingsBuilder(settings)
                .routes(settings.routes().get(0), "file:routes/examples/" + example + ".yaml")
                .build();
    }

    @Test
    void auditWritesALineForEachAnswerOnAThreadOfItsOwn() throws Exception {
        start("audit");
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            proxy.get(ALICE, "1");
            proxy.result(proxy.onlySent());
            Stanza answer = proxy.onlySent();
            // A leave right after the arrival would be in doubt, and the request would wait.
            proxy.pass(Duration.ofSeconds(2));
            proxy.leaves(A);
            proxy.receive("<iq type='get' id='2&#10;result forged' from='" + BOB + "' to='proxy.example'><q/></iq>");
            Awaitility.await().until(() -> lines(log).size() == 2);
            assertThat(lines(log).get(0))
                    .isEqualTo("INFO result after 0 ms, asked worker@some.example/a: " + answer + "\n");
            assertThat(lines(log).get(1))
                    .startsWith("INFO refused after 0 ms, asked null")
                    .contains("id=2\\u000Aresult forged")
                    .containsOnlyOnce("\n");
        }
    }

    private static List<String> lines(CapturedLog log) {
        return log.events().stream()
                .filter(line -> line.contains(" ms, asked "))
                .toList();
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "get, \"<query xmlns='urn:example:q'/>\", true",
                "set, \"<command xmlns='http://jabber.org/protocol/commands' node='config'/>\", false",
                "set, \"<a:command xmlns:a='http://jabber.org/protocol/commands'/>\", false",
                "get, \"<command xmlns='urn:example:q'/>\", true",
                "set, \"<order xmlns='urn:example:shop'><amount>1000</amount></order>\", true",
                "set, \"<order xmlns='urn:example:shop'><amount>1001</amount></order>\", false",
                "get, \"<order xmlns='urn:example:shop'><amount>1001</amount></order>\", true",
                "set, \"<order xmlns='urn:example:shop'><amount>many</amount></order>\", true"
            })
    void denyByContentRefusesWhatBreaksARule(String type, String content, boolean passes) throws Exception {
        start("deny-by-content");
        proxy.receive("<iq type='" + type + "' id='1' from='" + ALICE + "' to='proxy.example'>" + content + "</iq>");
        Stanza sent = proxy.onlySent();
        if (passes) {
            assertThat(sent.to()).isEqualTo(A);
            assertThat(sent.content()).asString().isEqualTo(content);
        } else {
            assertError(sent, Condition.NOT_ACCEPTABLE, StanzaError.Type.MODIFY);
        }
    }

    @Test
    void aRefusalAtTheGateIsNoErrorInTheLog() throws Exception {
        start("deny-by-content");
        try (CapturedLog log = CapturedLog.ofAll()) {
            proxy.receive("<iq type='set' id='1' from='" + ALICE + "' to='proxy.example'>"
                    + "<command xmlns='http://jabber.org/protocol/commands'/></iq>");
            assertThat(log.events()).noneMatch(line -> line.startsWith("ERROR") || line.startsWith("WARN"));
        }
    }

    @Test
    void throttleRefusesTheDomainThatComesTooFastAndNoOther() throws Exception {
        start("throttle-per-domain");
        // Camel's clock is not the simulated one: so many that a slow machine does not see a second pass between them.
        List<Stanza> sent = List.of();
        for (int tries = 0; sent.stream().noneMatch(Stanza::isReply) && tries < 50; tries++) {
            for (int i = 0; i < 101; i++) {
                proxy.get("user" + i + "@" + (i % 2 == 0 ? "flood.example" : "FLOOD.example") + "/x", "" + i);
            }
            sent = proxy.sent();
        }
        List<Stanza> refused = sent.stream().filter(Stanza::isReply).toList();
        assertThat(refused).isNotEmpty().allSatisfy(answer -> {
            assertError(answer, Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
            assertThat(answer.toXml()).contains("<throttled ");
        });
        proxy.get(ALICE, "1");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    private static final String IN_ROOM = "<query xmlns='urn:example:room' room='%s'/>";

    @Test
    void stickyByRoomSendsARoomToOneSessionWhoeverAsks() throws Exception {
        start("sticky-by-room");
        proxy.comes(ProxyFixture.B);
        Set<String> used = new HashSet<>();
        for (int room = 0; room < 20; room++) {
            String first = asked(ALICE, "get", IN_ROOM.formatted("room" + room));
            used.add(first);
            for (int i = 0; i < 3; i++) {
                assertThat(asked(BOB, "set", IN_ROOM.formatted("room" + room))).isEqualTo(first);
                assertThat(asked(ALICE, "get", IN_ROOM.formatted("room" + room)))
                        .isEqualTo(first);
            }
        }
        assertThat(used).containsExactlyInAnyOrder(A, ProxyFixture.B);
        // Without a room it goes round, as configured here.
        String query = "<query xmlns='urn:example:other' room='x'/>";
        assertThat(List.of(asked(ALICE, "get", query), asked(ALICE, "get", query)))
                .containsExactlyInAnyOrder(A, ProxyFixture.B);
    }

    @Test
    void chooseByContentSendsToTheSessionsThatAreForIt() throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> with("choose-by-content", settings))
                .ready(
                        "worker@some.example/worker-1",
                        "worker@some.example/spare-2",
                        "worker@some.example/spare-22",
                        "worker@some.example/render-1");
        for (int i = 0; i < 5; i++) {
            assertThat(asked(ALICE, "get", "<scene xmlns='urn:example:render'/>"))
                    .endsWith("/render-1");
        }
        String rest = "<q xmlns='urn:example:q'/>";
        assertThat(List.of(asked(ALICE, "get", rest), asked(ALICE, "get", rest)))
                .containsExactlyInAnyOrder("worker@some.example/worker-1", "worker@some.example/spare-2");
        proxy.pass(Duration.ofSeconds(3));
        proxy.leaves("worker@some.example/render-1");
        proxy.pass(Duration.ofSeconds(3));
        proxy.sent();
        proxy.receive("<iq type='get' id='none' from='" + ALICE
                + "' to='proxy.example'><scene xmlns='urn:example:render'/></iq>");
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    private int asked;

    /** The resource that gets this request. */
    private String asked(String requester, String type, String content) {
        proxy.receive("<iq type='" + type + "' id='ask" + asked++ + "' from='" + requester + "' to='proxy.example'>"
                + content + "</iq>");
        return proxy.onlySent().to();
    }

    @Test
    void alertsAreSentWhenGoodTurnsBadOrBadTurnsGood() throws Exception {
        List<String> sent = new CopyOnWriteArrayList<>();
        proxy = new ProxyFixture(dataDir, settings -> with("alerts", settings), context -> {
            context.getPropertiesComponent().addInitialProperty("alerts.host", "localhost");
            context.getPropertiesComponent().addInitialProperty("alerts.domain", "localhost");
            context.getPropertiesComponent().addInitialProperty("alerts.user", "alerts");
            context.getPropertiesComponent().addInitialProperty("alerts.password", "secret");
            context.getPropertiesComponent().addInitialProperty("alerts.to", "operator@localhost");
            context.getPropertiesComponent().addInitialProperty("alerts.every", "100");
        });
        AdviceWith.adviceWith(
                proxy.context, "proxy-alerts-send", advice -> advice.weaveByType(ToDynamicDefinition.class)
                        .replace()
                        .process(exchange -> sent.add(exchange.getMessage().getBody(String.class))));
        for (int i = 0; i < 5; i++) {
            proxy.stream().become(StreamState.CONNECTING);
            proxy.stream().become(StreamState.DISCONNECTED);
        }
        awaitAlert(sent, "the stream of proxy.example to localhost:5347 is down");
        proxy.ready(A);
        awaitAlert(sent, "the stream of proxy.example to localhost:5347 is ready");
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(A);
        awaitAlert(
                sent,
                "no session of worker@some.example is there; requests to proxy.example are refused until one comes");
        proxy.comes(A);
        awaitAlert(sent, "1 session of worker@some.example serves proxy.example");
    }

    private static void awaitAlert(List<String> sent, String sentence) {
        Awaitility.await(sentence).until(() -> !sent.isEmpty());
        assertThat(sent.remove(0)).matches("(Recovered: )?[-0-9]{10} [:0-9]{8} " + Pattern.quote(sentence));
        assertThat(sent).isEmpty();
    }
}
