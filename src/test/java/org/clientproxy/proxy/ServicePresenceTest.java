package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.clientproxy.proxy.settings.Addresses;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.stats.PresenceCounters.Event;
import org.clientproxy.proxy.stats.ProxyCounters.Drop;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;

/** {@code proxy.presence=service}: the proxy host as a contact in users' rosters. */
class ServicePresenceTest extends PresenceOfUsers {
    private static final Duration QUIET = Duration.ofSeconds(7);

    ServicePresenceTest() {
        super(PresenceUse.SERVICE);
    }

    private void from(String sender, String type) {
        from(sender, type, ProxyFixture.PROXY);
    }

    private void from(String sender, String type, String to) {
        fixture.receive("<presence type='" + type + "' from='" + sender + "' to='" + to + "'/>");
    }

    /** What was sent since the last look, in short: whom the proxy told what. */
    private List<String> told() {
        List<String> told = new ArrayList<>();
        for (Stanza each : fixture.sentPresences()) {
            if (!each.toJid().sameBare(Jid.parse("worker@some.example"))) {
                assertThat(each.from()).isEqualTo(ProxyFixture.PROXY);
                told.add(each.to() + " " + (each.type() == null ? "available" : each.type()));
            }
        }
        return told;
    }

    private List<String> file() throws IOException {
        Path file = dir.resolve("proxy.subscribers");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    private void awaitFile(String... lines) {
        await().untilAsserted(() -> {
            fixture.loop.runDue();
            assertThat(file()).containsExactly(lines);
        });
    }

    @Test
    void whoSubscribesIsToldAtOnceAndAtEachChange() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        assertThat(told()).containsExactly("alice@some.example subscribed", "alice@some.example available");
        fixture.pass(QUIET);
        told();
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(4));
        assertThat(told()).as("it must last").isEmpty();
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example unavailable");
        fixture.comes(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example available");
        fixture.pass(Duration.ofMinutes(5));
        assertThat(told()).as("no change").isEmpty();
        assertThat(fixture.proxy.counters().presence().events(Event.SHOWN)).isEqualTo(4);
    }

    @Test
    void aShortAbsenceIsToldToNobody() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(3));
        fixture.comes(ProxyFixture.A);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(told()).isEmpty();
    }

    /** They hear what is so when they ask, and nobody else hears that it was. */
    @Test
    void whoAsksDuringAShortAbsenceHearsThatItIsOver() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        from("carol@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(1));
        from("bob@other.example", "subscribe");
        from("carol@some.example/new", "probe");
        assertThat(told())
                .containsExactly(
                        "bob@other.example subscribed",
                        "bob@other.example unavailable",
                        "carol@some.example/new unavailable");
        fixture.pass(Duration.ofSeconds(1));
        fixture.comes(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactlyInAnyOrder("bob@other.example available", "carol@some.example available");
        fixture.pass(Duration.ofMinutes(1));
        assertThat(told()).isEmpty();
    }

    @Test
    void whoHasAskedAgainAfterAShortAbsenceIsNotToldAgainThatItIsOver() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        fixture.leaves(ProxyFixture.A);
        // The first two hear that nobody is there. Of the second one, one session alone hears that this has passed.
        from("alice@some.example", "subscribe");
        from("bob@other.example/phone", "probe");
        fixture.comes(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        from("bob@other.example/tablet", "probe");
        told();
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("bob@other.example available");
    }

    @Test
    void ejabberdsResourceInASubscriptionMeansNothing() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe", "proxy.example/x");
        assertThat(told()).containsExactly("alice@some.example subscribed", "alice@some.example available");
        from("alice@some.example/home", "unsubscribe", "proxy.example/x");
        assertThat(told()).containsExactly("alice@some.example unavailable");
        fixture.pass(Duration.ofMinutes(1));
        assertThat(told()).isEmpty();
    }

    @Test
    void onlyTheBareProxyHostIsAContact() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe", "shop@proxy.example");
        from("alice@some.example/home", "probe", "shop@proxy.example");
        from("alice@some.example/home", "probe", "proxy.example/x");
        assertThat(fixture.sentPresences()).singleElement().satisfies(sent -> assertThat(
                        sent.type() + " " + sent.from() + " " + sent.to())
                .isEqualTo("unsubscribed shop@proxy.example alice@some.example"));
        assertThat(fixture.proxy.subscribers()).isZero();
    }

    @Test
    void answersOfOthersToSubscriptionsThatNobodyAskedAreIgnored() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribed");
        from("alice@some.example", "unsubscribed");
        from("alice@some.example", "error");
        assertThat(told()).isEmpty();
        assertThat(fixture.proxy.subscribers()).isZero();
        assertThat(fixture.proxy.counters().drops(Drop.STRANGERS_PRESENCE)).isEqualTo(3);
    }

    @Test
    void aProbeIsAnsweredAtItsAddressAndRecoversWhoWasLost() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example/home", "probe");
        assertThat(told()).containsExactly("alice@some.example/home available");
        awaitFile("+alice@some.example 2026-01-01");
        fixture.pass(QUIET);
        told();
        fixture.leaves(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example unavailable");
        assertThat(fixture.proxy.counters().presence().events(Event.RECOVERED)).isEqualTo(1);
    }

    @Test
    void whoIsDeniedIsNoSubscriber() throws Exception {
        start(settings -> settings.with(RouteKeys.DENY, List.of(Jid.parse("evil.example"))));
        fixture.ready(ProxyFixture.A);
        from("eve@evil.example", "subscribe");
        from("eve@evil.example/x", "probe");
        assertThat(told()).containsExactly("eve@evil.example unsubscribed");
        assertThat(fixture.proxy.subscribers()).isZero();
    }

    @Test
    void whoIsDeniedLaterHearsAtTheNextChangeThatTheServiceIsGone() throws Exception {
        start();
        fixture.ready();
        fixture.pass(QUIET);
        from("eve@evil.example", "subscribe");
        from("alice@some.example", "subscribe");
        told();
        fixture.proxy.adjust(ProxyFixture.settings(dir)
                .with(PresenceKeys.PRESENCE, Set.of(PresenceUse.SERVICE))
                .with(RouteKeys.DENY, List.of(Jid.parse("evil.example"))));
        fixture.comes(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactlyInAnyOrder("eve@evil.example unavailable", "alice@some.example available");
        assertThat(fixture.proxy.subscribers()).isEqualTo(1);
    }

    @Test
    void whereThereIsNoRoomASubscriptionIsDeclinedAndAProbeTakesThePlaceOfTheOldest() throws Exception {
        start(settings -> settings.with(MessageKeys.MAX_CONVERSATIONS, 2));
        fixture.ready(ProxyFixture.A);
        from("a@some.example", "subscribe");
        from("b@some.example", "subscribe");
        from("a@some.example/x", "probe");
        told();
        from("c@some.example", "subscribe");
        assertThat(told()).containsExactly("c@some.example unsubscribed");
        from("d@some.example/x", "probe");
        assertThat(told()).containsExactly("d@some.example/x available");
        fixture.pass(QUIET);
        assertThat(told()).containsExactlyInAnyOrder("a@some.example available", "d@some.example available");
        assertThat(fixture.proxy.counters().presence().events(Event.FORGOTTEN)).isEqualTo(1);
    }

    @Test
    void manyForgedProbesCostNoMoreThanTheirBound() throws Exception {
        start(settings -> settings.with(MessageKeys.MAX_CONVERSATIONS, 100));
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 20_000; i++) {
            from("u" + i + "@big.example/x", "probe");
        }
        assertThat(fixture.proxy.subscribers()).isEqualTo(100);
        fixture.stream().takeSent();
        await().untilAsserted(() -> {
            fixture.pass(Duration.ofSeconds(1));
            assertThat(file().size()).isLessThan(25_000);
        });
    }

    @Test
    void aLowerBoundIsKeptInPortions() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 600; i++) {
            from("u" + i + "@some.example", "subscribe");
        }
        fixture.proxy.adjust(ProxyFixture.settings(dir)
                .with(PresenceKeys.PRESENCE, Set.of(PresenceUse.SERVICE))
                .with(MessageKeys.MAX_CONVERSATIONS, 10));
        fixture.pass(Duration.ofSeconds(10));
        assertThat(fixture.proxy.subscribers()).isEqualTo(10);
    }

    @Test
    void showsTheBestThatAllHaveAndWhatAllAnnounce() throws Exception {
        start();
        fixture.ready();
        String caps = "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='urn:b&amp;w' ver='q='/>";
        presence(ProxyFixture.A, "<show>dnd</show>" + caps);
        presence(ProxyFixture.B, "<show>xa</show>" + caps);
        assertThat(probed()).contains("<show>xa</show>").contains("ver='q='").contains("node='urn:b&amp;w'");
        presence(
                ProxyFixture.B,
                "<show>chat</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='n' ver='w'/>");
        assertThat(probed()).doesNotContain("show").doesNotContain("caps");
        presence(ProxyFixture.B, "");
        assertThat(probed()).doesNotContain("show").doesNotContain("caps").doesNotContain("priority");
        fixture.leaves(ProxyFixture.B);
        presence(ProxyFixture.A, "<show>away</show><priority>-3</priority><status>tired</status>");
        assertThat(probed())
                .contains("<show>away</show>")
                .doesNotContain("status")
                .doesNotContain("priority");
    }

    private void presence(String resource, String content) {
        fixture.receive("<presence from='" + resource + "' to='proxy.example'>" + content + "</presence>");
        fixture.stream().takeSent();
    }

    private String probed() {
        from("alice@some.example/home", "probe");
        List<Stanza> sent = fixture.sentPresences();
        assertThat(sent).hasSize(1);
        return sent.get(0).toXml();
    }

    @Test
    void whileItIsNotKnownWhoIsThereNobodyIsTold() throws Exception {
        start();
        fixture.stream().become(StreamState.READY);
        fixture.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        told();
        from("alice@some.example", "subscribe");
        from("bob@some.example/x", "probe");
        assertThat(told()).containsExactly("alice@some.example subscribed");
        fixture.comes(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(20));
        assertThat(told()).containsExactlyInAnyOrder("alice@some.example available", "bob@some.example available");
    }

    @Test
    void onEachStreamAllAreToldThoughNothingHasChanged() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.pass(QUIET);
        fixture.ready(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example available");
    }

    @Test
    void onANewStreamGoodNewsComesAtOnceAndBadNewsMustLast() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.ready(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(told()).containsExactly("alice@some.example available");
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.ready();
        fixture.pass(Duration.ofSeconds(3));
        assertThat(told()).isEmpty();
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example unavailable");
    }

    @Test
    void whilePausedTheServiceIsUnavailable() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.proxy.pause();
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example unavailable");
        fixture.proxy.resume();
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example available");
    }

    @Test
    void aRetiredResourceAloneIsNoService() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        fixture.proxy.retire(Jid.parse(ProxyFixture.A));
        fixture.loop.runDue();
        from("alice@some.example/x", "probe");
        assertThat(told()).containsExactly("alice@some.example/x unavailable");
    }

    @Test
    void whatTheStreamDoesNotTakeIsToldAgain() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("a@some.example", "subscribe");
        from("b@some.example", "subscribe");
        fixture.pass(QUIET);
        told();
        fixture.leaves(ProxyFixture.A);
        fixture.stream().congest(true);
        fixture.pass(QUIET);
        assertThat(told()).as("too much waits already").isEmpty();
        fixture.stream().refuse(StanzaNotSentException.Reason.OUTBOX_FULL);
        fixture.stream().congest(false);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(told()).containsExactlyInAnyOrder("a@some.example unavailable", "b@some.example unavailable");
    }

    @Test
    void theNextProcessKnowsWhoSubscribed() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        from("bob@some.example", "subscribe");
        from("bob@some.example", "unsubscribe");
        awaitFile("+alice@some.example 2026-01-01", "+bob@some.example 2026-01-01", "-bob@some.example");
        Path next = Files.createDirectory(dir.resolve("next"));
        ProxyFixture killed = fixture;
        fixture = killed.killedAndStarted(next, Duration.ofDays(40), this::using);
        killed.close();
        assertThat(Files.readAllLines(next.resolve("proxy.subscribers")))
                .containsExactly("+alice@some.example 2026-01-01");
        fixture.ready(ProxyFixture.A);
        fixture.pass(QUIET);
        assertThat(told()).containsExactly("alice@some.example available");
        from("alice@some.example/home", "probe");
        await().untilAsserted(() -> {
            fixture.loop.runDue();
            assertThat(Files.readAllLines(next.resolve("proxy.subscribers")))
                    .containsExactly("+alice@some.example 2026-01-01", "+alice@some.example 2026-02-10");
        });
    }

    @Test
    void atTheStopAllHearThatTheServiceIsGone() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 1_000; i++) {
            from("u" + i + "@some.example", "subscribe");
        }
        told();
        ProxyFixture stopped = fixture;
        fixture = null;
        Thread stopper = new Thread(stopped.context::stop, "stop");
        stopper.start();
        List<Stanza> sent = new ArrayList<>();
        while (stopper.isAlive()) {
            stopped.loop.advance(Duration.ofMillis(10));
            sent.addAll(stopped.stream().takeSent());
            Thread.onSpinWait();
        }
        assertThat(sent.stream()
                        .filter(stanza -> "unavailable".equals(stanza.type()))
                        .map(Stanza::to)
                        .filter(to -> to.startsWith("u")))
                .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 1_000)
                        .mapToObj(i -> "u" + i + "@some.example")
                        .toList());
    }

    @Test
    void atTheStopNobodyHearsTwiceThatTheServiceIsGone() throws Exception {
        start();
        fixture.ready();
        from("alice@some.example", "subscribe");
        fixture.pass(QUIET);
        assertThat(told()).contains("alice@some.example unavailable");
        ProxyFixture stopped = fixture;
        fixture = null;
        Thread stopper = new Thread(stopped.context::stop, "stop");
        stopper.start();
        List<Stanza> sent = new ArrayList<>();
        while (stopper.isAlive()) {
            stopped.loop.advance(Duration.ofMillis(10));
            sent.addAll(stopped.stream().takeSent());
            Thread.onSpinWait();
        }
        assertThat(sent).noneMatch(stanza -> stanza.to().startsWith("alice"));
    }

    @Test
    void sessionsOfTheTargetMayReachSubscribersByName() throws Exception {
        start(settings -> settings.with(ReverseKeys.REACH, List.of(Addresses.SUBSCRIBERS)));
        fixture.ready(ProxyFixture.A);
        from("alice@some.example", "subscribe");
        fixture.stream().takeSent();
        ask("alice\\40some.example@proxy.example/home");
        assertThat(fixture.onlySent().to()).isEqualTo("alice@some.example/home");
        ask("bob\\40some.example@proxy.example");
        assertThat(fixture.onlySent().toXml()).contains("not-reachable");
        from("alice@some.example", "unsubscribe");
        fixture.stream().takeSent();
        ask("alice\\40some.example@proxy.example/home");
        assertThat(fixture.onlySent().toXml()).contains("not-reachable");
    }

    private void ask(String to) {
        fixture.receive("<iq type='get' id='r' from='" + ProxyFixture.A + "' to='" + to
                + "'><query xmlns='jabber:iq:version'/></iq>");
    }

    @Test
    void whileTheRoutesAreStoppedSubscriptionsGoOn() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        fixture.context.getRouteController().stopRoute("proxy-stanzas");
        from("alice@some.example", "subscribe");
        assertThat(told()).containsExactly("alice@some.example subscribed", "alice@some.example available");
    }

    @Test
    void theTargetIsNoSubscriber() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        fixture.receive("<presence type='subscribe' from='worker@some.example' to='proxy.example'/>");
        fixture.receive("<presence type='probe' from='" + ProxyFixture.A + "' to='proxy.example'/>");
        assertThat(fixture.proxy.subscribers()).isZero();
    }
}
