package org.clientproxy.proxy.pending;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.SettingsBuilder;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table of failover in {@code docs/protocol.md}, and what else a request comes to, without any route. */
class DecisionsTest {
    private record Ended(PendingRequest pending, Ending ending) {}

    private final SimulatedLoop loop = new SimulatedLoop();
    private final List<Ended> ended = new ArrayList<>();
    private ResourcePool pool;
    private PendingRequests requests;
    private Decisions decisions;
    private TargetSubscription subscription;

    @BeforeEach
    void start() {
        start(RetrySet.UNDELIVERED);
    }

    private void start(RetrySet retrySet) {
        ProxySettings settings = new SettingsBuilder(ProxyFixture.settings(Path.of("unused")))
                .retrySet(retrySet)
                .build();
        pool = new ResourcePool(SelectionPolicy.ROUND_ROBIN, new Random(1));
        requests = new PendingRequests(loop, pool, PendingStore.MEMORY, settings);
        decisions = requests.decisions();
        subscription = new TargetSubscription(settings, loop, pool, requests, (type, to) -> {});
        requests.endingsTo((pending, ending) -> {
            ended.add(new Ended(pending, ending));
            requests.close(Objects.requireNonNull(pending.key()));
        });
        subscription.streamReady();
        presence("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        comes(ProxyFixture.A);
        comes(ProxyFixture.B);
    }

    private void presence(String xml) {
        subscription.receive(TargetPresence.of(StanzaXml.parse(xml)));
    }

    private void comes(String resource) {
        presence("<presence from='" + resource + "' to='proxy.example'/>");
    }

    private void leaves() {
        presence("<presence from='" + ProxyFixture.A + "' to='proxy.example' type='unavailable'/>");
    }

    private static PendingRequest request(String type, SimulatedLoop loop) {
        Stanza stanza = StanzaXml.parse("<iq type='" + type
                + "' id='1' from='alice@some.example/home' to='proxy.example'><q xmlns='urn:q'/></iq>");
        long now = loop.nanoTime();
        return new PendingRequest(
                stanza, stanza.fromJid(), now, now + Duration.ofSeconds(60).toNanos());
    }

    /** A request that is pending at the first resource, which has been there for a while. */
    private PendingRequest sent(String type) {
        loop.advance(Duration.ofSeconds(5));
        PendingRequest pending = request(type, loop);
        PooledResource resource = Objects.requireNonNull(pool.find(Jid.parse(ProxyFixture.A)));
        pending.attempt(resource, "key", loop.nanoTime());
        requests.open("key", pending);
        return pending;
    }

    private @Nullable Ending reply(PendingRequest pending, String type, String content) {
        Ending ending = decisions.onReply(
                pending,
                null,
                StanzaXml.parse("<iq type='" + type + "' id='1' from='" + ProxyFixture.A + "' to='t@proxy.example/x'>"
                        + content + "</iq>"));
        if (ending == null) {
            requests.open("key", pending);
        } else {
            requests.close("key");
        }
        return ending;
    }

    private @Nullable Ending comesBack(PendingRequest pending, String condition) {
        return reply(
                pending,
                "error",
                "<error type='cancel'><" + condition + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
    }

    private Decision onlyDecision() {
        assertThat(ended).hasSize(1);
        return decisions.decide(ended.get(0).pending(), ended.get(0).ending());
    }

    private static void assertError(Decision decision, PendingRequest pending, StanzaError error) {
        assertThat(decision.kind()).isEqualTo(Decision.Kind.ANSWER);
        assertThat(Objects.requireNonNull(decision.answer()).toXml())
                .isEqualTo(pending.request().error(error).toXml());
    }

    @ParameterizedTest
    @ValueSource(strings = {"get", "set"})
    void whatSurelyReachedNobodyGoesOutAgain(String type) {
        assertThat(comesBack(sent(type), "service-unavailable")).isNull();
        leaves();
        loop.runDue();
        assertThat(onlyDecision()).isEqualTo(Decision.RETRY);
    }

    @Test
    void aSetDoesNotWhereTheOperatorSaysSo() {
        start(RetrySet.NEVER);
        PendingRequest set = sent("set");
        assertThat(comesBack(set, "service-unavailable")).isNull();
        leaves();
        loop.runDue();
        assertError(onlyDecision(), set, ProxyErrors.RESOURCE_GONE);
    }

    @Test
    void whatMayHaveReachedSomebodyGoesOutAgainOnlyIfItIsHarmless() {
        PendingRequest set = sent("set");
        loop.advance(Duration.ofSeconds(3));
        assertThat(comesBack(set, "service-unavailable")).isNull();
        leaves();
        loop.runDue();
        assertError(onlyDecision(), set, ProxyErrors.RESOURCE_GONE);
        ended.clear();
        comes(ProxyFixture.A);
        assertThat(comesBack(sent("get"), "recipient-unavailable")).isNull();
        leaves();
        loop.runDue();
        assertThat(onlyDecision()).isEqualTo(Decision.RETRY);
    }

    @Test
    void aResourceThatIsGoneHasTheGrace() {
        sent("get");
        leaves();
        loop.advance(Duration.ofMillis(1900));
        assertThat(ended).isEmpty();
        loop.advance(Duration.ofMillis(200));
        assertThat(onlyDecision()).isEqualTo(Decision.RETRY);
    }

    @Test
    void aSessionInItsPlaceGetsAGetAndASetWaitsOn() {
        sent("get");
        leaves();
        comes(ProxyFixture.A);
        loop.advance(Duration.ofSeconds(3));
        assertThat(ended).extracting(Ended::ending).containsExactly(Ending.REPLACED);
        assertThat(onlyDecision()).isEqualTo(Decision.RETRY);
        ended.clear();
        sent("set");
        leaves();
        comes(ProxyFixture.A);
        loop.advance(Duration.ofSeconds(3));
        assertThat(ended).isEmpty();
    }

    @Test
    void whatNothingExplainsIsPassedOnAndTold() {
        PendingRequest get = sent("get");
        assertThat(comesBack(get, "service-unavailable")).isNull();
        assertThat(comesBack(get, "service-unavailable"))
                .as("a second one is nobody's")
                .isNull();
        loop.advance(Duration.ofMillis(300));
        Decision decision = onlyDecision();
        assertThat(Objects.requireNonNull(decision.answer()).type()).isEqualTo("error");
        assertThat(decision.unexplained()).isEqualTo(get.resource());
        ended.clear();
        assertThat(comesBack(sent("get"), "recipient-unavailable")).isNull();
        loop.advance(Duration.ofMillis(300));
        assertThat(onlyDecision().unexplained()).isNull();
    }

    @Test
    void aReplyIsPassedOnIfItCanBe() {
        assertThat(reply(sent("get"), "result", "<r xmlns='urn:q'/>")).isEqualTo(Ending.REPLY);
        assertThat(reply(sent("get"), "result", "")).isEqualTo(Ending.REPLY);
        assertThat(comesBack(sent("get"), "item-not-found")).isEqualTo(Ending.REPLY);
        assertThat(reply(sent("get"), "result", "<r xmlns='urn:q'/><r xmlns='urn:q'/>"))
                .isEqualTo(Ending.BAD_REPLY);
        PendingRequest get = sent("get");
        assertThat(reply(get, "error", "")).isEqualTo(Ending.BAD_REPLY);
        assertThat(decisions.decide(get, Ending.REPLY)).isEqualTo(Decision.PASS_ON);
        assertError(decisions.decide(get, Ending.BAD_REPLY), get, ProxyErrors.BAD_REPLY);
    }

    @Test
    void theDeadlineSaysWhereTheRequestWas() {
        PendingRequest atGate = request("get", loop);
        requests.hold(atGate);
        loop.advance(Duration.ofSeconds(61));
        assertError(onlyDecision(), atGate, ProxyErrors.NOT_DECIDED);
        ended.clear();
        PendingRequest waiting = request("get", loop);
        requests.await(waiting);
        loop.advance(Duration.ofSeconds(61));
        assertError(onlyDecision(), waiting, ProxyErrors.TIMEOUT);
    }

    /** As where endings were postponed while routes were replaced, and the request had its answer meanwhile. */
    @ParameterizedTest
    @ValueSource(strings = {"GONE", "REPLACED", "CONFIRMED", "EXPIRED", "STOPPED"})
    void whatIsAnsweredComesToNothing(String ending) {
        PendingRequest get = sent("get");
        assertThat(reply(get, "result", "")).isEqualTo(Ending.REPLY);
        requests.answer(get);
        assertThat(decisions.decide(get, Ending.valueOf(ending))).isEqualTo(Decision.DROP);
    }
}
