package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.FeatureUse;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy.features}: who gets a request, by what sessions announce, and who waits until that is known. */
class FeaturesTest {
    private static final String DISCO = "http://jabber.org/protocol/disco#";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private int ids;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private ProxyFixture start(FeatureUse use, String... resources) throws Exception {
        return start(settings -> settings.with(WorkerKeys.FEATURES, use), resources);
    }

    private ProxyFixture start(UnaryOperator<ProxySettings> change, String... resources) throws Exception {
        proxy = ProxyFixture.start(dataDir, change);
        if (resources.length > 0) {
            proxy.stream().become(StreamState.READY);
            proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
            for (String resource : resources) {
                proxy.comes(resource);
            }
        }
        return proxy;
    }

    private void ask(String requester, String id, String namespace) {
        proxy.receive("<iq type='get' id='" + id + "' from='" + requester + "' to='proxy.example'><query xmlns='"
                + namespace + "'/></iq>");
    }

    /** Who gets a request of this namespace. */
    private String asked(String namespace) {
        String id = "r" + ids++;
        ask(ALICE, id, namespace);
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.id()).isEqualTo(id);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        return forwarded.to();
    }

    /** The questions that the proxy asked since the last look, by whom they are for; no request was sent. */
    private List<Stanza> questions() {
        List<Stanza> questions = proxy.sent();
        assertThat(questions).allMatch(each -> "proxy.example".equals(each.from()) && "get".equals(each.type()));
        return questions;
    }

    private void announce(Stanza question, String... features) {
        StringBuilder info =
                new StringBuilder("<query xmlns='" + DISCO + "info'><identity category='client' type='bot'/>");
        for (String feature : features) {
            info.append("<feature var='").append(feature).append("'/>");
        }
        proxy.receive(question.result(info.append("</query>").toString()).toXml());
        proxy.loop.runDue();
    }

    /** Those of two versions: the old one at A, the new one, which has urn:new too, at B. */
    private void twoVersions(FeatureUse use) throws Exception {
        start(use, A, B);
        for (Stanza question : questions()) {
            announce(
                    question, question.to().equals(A) ? new String[] {"urn:old"} : new String[] {"urn:old", "urn:new"});
        }
        proxy.pass(Duration.ofSeconds(5));
        proxy.sent();
    }

    @Test
    void offNobodyIsAskedAndAnybodyIsChosen() throws Exception {
        start(FeatureUse.OFF, A, B);
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMinutes(5));
        assertThat(proxy.sent()).isEmpty();
        assertThat(List.of(asked("urn:new"), asked("urn:new"))).containsExactlyInAnyOrder(A, B);
        assertThat(proxy.proxy.counters().features().queries()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"PREFER", "REQUIRE"})
    void onlyThoseThatAnnounceItGetIt(FeatureUse use) throws Exception {
        twoVersions(use);
        for (int i = 0; i < 10; i++) {
            assertThat(asked("urn:new")).isEqualTo(B);
        }
        assertThat(List.of(asked("urn:old"), asked("urn:old"))).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void preferAnybodyGetsWhatNobodyAnnounces() throws Exception {
        twoVersions(FeatureUse.PREFER);
        assertThat(List.of(asked("urn:unheard"), asked("urn:unheard"))).containsExactlyInAnyOrder(A, B);
        proxy.leaves(B);
        assertThat(asked("urn:new")).isEqualTo(A);
    }

    @Test
    void preferNobodyWaitsForWhatIsNotKnown() throws Exception {
        start(FeatureUse.PREFER, A, B);
        assertThat(questions()).hasSize(2);
        assertThat(asked("urn:new")).isIn(A, B);
    }

    @Test
    void requireNobodyGetsWhatNobodyAnnounces() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        ask(ALICE, "1", "urn:unheard");
        Stanza answer = proxy.onlySent();
        assertError(answer, Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        assertThat(answer.toXml()).contains("<no-capable-resource xmlns='urn:clientproxy:errors:0'/>");
        proxy.leaves(A);
        proxy.leaves(B);
        proxy.pass(Duration.ofSeconds(5));
        proxy.sent();
        ask(ALICE, "2", "urn:old");
        assertThat(proxy.onlySent().toXml()).contains("<no-resource ");
    }

    @ParameterizedTest
    @ValueSource(strings = {DISCO + "info", DISCO + "items"})
    void requireQuestionsOfServiceDiscoveryGoToAnybody(String namespace) throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        assertThat(List.of(asked(namespace), asked(namespace))).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void requireTheRequestWaitsWhileItIsBeingLearntWhoAnnouncesIt() throws Exception {
        start(FeatureUse.REQUIRE, A, B);
        List<Stanza> questions = questions();
        proxy.pass(Duration.ofSeconds(5));
        ask(ALICE, "1", "urn:new");
        assertThat(proxy.sent()).isEmpty();
        announce(questions.get(0), "urn:old");
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        announce(questions.get(1), "urn:new");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.to()).isEqualTo(questions.get(1).to());
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void requireWhoAnnouncesItIsNotKeptWaitingForOthers() throws Exception {
        start(FeatureUse.REQUIRE, A, B);
        Stanza question = questions().get(0);
        announce(question, "urn:new");
        assertThat(asked("urn:new")).isEqualTo(question.to());
    }

    /** A request waits for what one of two announces, for the other one announces something else; returns the question to the first. */
    private Stanza waitingForOne() throws Exception {
        start(FeatureUse.REQUIRE, A, B);
        List<Stanza> questions = questions();
        proxy.pass(Duration.ofSeconds(5));
        ask(ALICE, "1", "urn:new");
        announce(questions.get(0), "urn:old");
        assertThat(proxy.sent()).isEmpty();
        return questions.get(1);
    }

    @Test
    void requireItIsKnownThatNobodyDoes() throws Exception {
        Stanza question = waitingForOne();
        proxy.error(question, "feature-not-implemented");
        proxy.loop.runDue();
        assertThat(proxy.onlySent().toXml()).contains("<no-capable-resource ");
    }

    @Test
    void requireNobodyWaitsForWhatOneAnnouncesThatIsRetired() throws Exception {
        Stanza question = waitingForOne();
        proxy.proxy.retire(Jid.parse(question.to()));
        proxy.loop.runDue();
        assertThat(proxy.onlySent().toXml()).contains("<no-capable-resource ");
    }

    @Test
    void requireNobodyWaitsForWhatOneAnnouncesThatIsEjected() throws Exception {
        start(
                settings -> settings.with(WorkerKeys.FEATURES, FeatureUse.REQUIRE)
                        .with(WorkerKeys.EJECT_AFTER, 1)
                        .with(WorkerKeys.EJECT_ON, List.of(Condition.ITEM_NOT_FOUND)),
                A,
                B);
        List<Stanza> questions = questions();
        proxy.pass(Duration.ofSeconds(5));
        announce(questions.get(0), "urn:old");
        // What anybody can say of itself, so each of the two gets one.
        ask(BOB, "b1", DISCO + "items");
        ask(BOB, "b2", DISCO + "items");
        Stanza atUnknown = proxy.sent().stream()
                .filter(each -> each.to().equals(questions.get(1).to()))
                .findFirst()
                .orElseThrow();
        ask(ALICE, "1", "urn:new");
        assertThat(proxy.sent()).isEmpty();
        proxy.error(atUnknown, "item-not-found");
        proxy.loop.runDue();
        assertThat(proxy.sent())
                .hasSize(2)
                .anyMatch(each -> ALICE.equals(each.to()) && each.toXml().contains("<no-capable-resource "));
    }

    /** Sessions that come and answer nothing, one after the other, do not keep it waiting. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void requireTheRequestWaitsAsLongAsForAnUnconfirmedPoolAtMost(boolean othersCome) throws Exception {
        start(FeatureUse.REQUIRE, A);
        // The first one is given up after 10 s.
        proxy.pass(Duration.ofSeconds(othersCome ? 8 : 6));
        questions();
        ask(ALICE, "1", "urn:new");
        proxy.pass(Duration.ofMillis(1500));
        assertThat(questions()).isEmpty();
        if (othersCome) {
            proxy.comes(B);
            assertThat(questions()).hasSize(1);
        }
        proxy.pass(Duration.ofMillis(1400));
        assertThat(questions()).isEmpty();
        proxy.pass(Duration.ofMillis(200));
        Stanza answer = proxy.onlySent();
        assertThat(answer.id()).isEqualTo("1");
        assertThat(answer.toXml()).contains("<no-capable-resource ");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void requireTheNextAttemptObeysToo() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        ask(ALICE, "1", "urn:new");
        Stanza forwarded = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(B);
        proxy.error(forwarded, "service-unavailable");
        assertThat(proxy.onlySent().toXml()).contains("<resource-gone ");
        ask(BOB, "2", "urn:old");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    /** Its session has ended, and it is not known yet what the one in its place announces. */
    @Test
    void requireTheNextAttemptWaitsForWhoeverIsInThePlaceOfItsSession() throws Exception {
        start(FeatureUse.REQUIRE, A);
        announce(questions().get(0), "urn:new");
        proxy.pass(Duration.ofSeconds(5));
        ask(ALICE, "1", "urn:new");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(A);
        proxy.comes(A);
        Stanza question = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).isEmpty();
        announce(question, "urn:new");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    /** The one that has it has just come when the other one leaves. */
    @Test
    void requireTheNextAttemptWaitsToo() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        ask(ALICE, "1", "urn:new");
        Stanza forwarded = proxy.onlySent();
        proxy.comes("worker@some.example/c");
        Stanza question = questions().get(0);
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(B);
        proxy.error(forwarded, "service-unavailable");
        assertThat(proxy.sent()).isEmpty();
        announce(question, "urn:new");
        assertThat(proxy.onlySent().to()).isEqualTo("worker@some.example/c");
    }

    /** Soon after a connection the others have had no time to show up. */
    @Test
    void requireTheNextAttemptWaitsForTheOthersAsTheFirstOneDoes() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.comes(B);
        for (Stanza question : questions()) {
            announce(question, question.to().equals(A) ? "urn:old" : "urn:new");
        }
        ask(ALICE, "1", "urn:new");
        Stanza forwarded = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(B);
        proxy.error(forwarded, "service-unavailable");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes("worker@some.example/c");
        announce(questions().get(0), "urn:new");
        assertThat(proxy.onlySent().to()).isEqualTo("worker@some.example/c");
    }

    @Test
    void requireWhoChangesIsAskedAgainAndTheRequestWaits() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        proxy.receive("<presence from='" + A + "' to='proxy.example'>"
                + "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:n' ver='x'/></presence>");
        Stanza question = questions().get(0);
        assertThat(question.to()).isEqualTo(A);
        assertThat(question.toXml()).contains("node='urn:n#x'");
        ask(ALICE, "1", "urn:newer");
        announce(question, "urn:newer");
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void requireAfterABreakOfTheStreamAllIsLearntAnew() throws Exception {
        twoVersions(FeatureUse.REQUIRE);
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        ask(ALICE, "1", "urn:new");
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        // The one that has it may still show up.
        announce(questions().get(0), "urn:old");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(B);
        announce(questions().get(0), "urn:new");
        assertThat(proxy.onlySent().to()).isEqualTo(B);
    }

    /** An earlier process had it wait, or had sent it to a session that is gone. */
    @ParameterizedTest
    @CsvSource({"true", "false"})
    void requireWhatAnEarlierProcessLeftObeysToo(boolean sent, @TempDir Path next) throws Exception {
        UnaryOperator<ProxySettings> settings =
                each -> each.with(WorkerKeys.FEATURES, FeatureUse.REQUIRE).with(RequestKeys.PENDING, PendingKind.FILE);
        ProxyFixture first = ProxyFixture.start(dataDir, settings);
        proxy = first;
        first.stream().become(StreamState.READY);
        first.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        first.comes(B);
        List<Stanza> questions = questions();
        if (sent) {
            announce(questions.get(0), "urn:new");
        }
        ask(ALICE, "1", "urn:new");
        assertThat(first.sent()).hasSize(sent ? 1 : 0);
        first.stream().write();
        proxy = first.killedAndStarted(next, Duration.ofSeconds(1), settings);
        first.close();
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        announce(questions().get(0), "urn:old");
        proxy.comes("worker@some.example/c");
        Stanza question = questions().get(0);
        proxy.pass(Duration.ofSeconds(1));
        List<Stanza> others = new ArrayList<>(proxy.sent());
        assertThat(others).isEmpty();
        announce(question, "urn:new");
        proxy.pass(Duration.ofSeconds(6));
        assertThat(proxy.onlySent().to()).isEqualTo("worker@some.example/c");
    }

    @Test
    void theStatusSaysWhatEachAnnounces() throws Exception {
        start(FeatureUse.REQUIRE, A, B);
        announce(questions().get(0), "urn:old", "urn:new");
        ProxyStatus status = status();
        assertThat(status.resources().get(0).features())
                .isEqualTo(new ProxyStatus.Features("of this session only", List.of("urn:new", "urn:old")));
        assertThat(status.resources().get(1).features()).isEqualTo(new ProxyStatus.Features("unknown yet", List.of()));
        proxy.pass(Duration.ofSeconds(10));
        assertThat(status().resources().get(1).features()).isEqualTo(new ProxyStatus.Features("none", List.of()));
    }

    @Test
    void offTheStatusSaysNothingOfIt() throws Exception {
        start(FeatureUse.OFF, A);
        assertThat(status().resources().get(0).features()).isNull();
    }

    private ProxyStatus status() {
        CompletableFuture<ProxyStatus> status = proxy.proxy.status().toCompletableFuture();
        proxy.loop.runDue();
        return status.join();
    }
}
