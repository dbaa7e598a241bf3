package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.camel.ShutdownRunningTask;
import org.apache.camel.spi.ShutdownAware;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.PresenceKeys;
import org.clientproxy.proxy.settings.PresenceUse;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.stats.PresenceCounters.Event;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy.presence=relay}: presence of requesters to one resource, and of resources to requesters. */
class RelayedPresenceTest extends PresenceOfUsers {
    private static final String ROOM = "room@proxy.example/nick";
    private static final String TARGET = "worker@some.example";

    RelayedPresenceTest() {
        super(PresenceUse.RELAY);
    }

    private void presence(String from, String to, String type) {
        fixture.receive("<presence from='" + from + "' to='" + to + "'" + (type.isEmpty() ? "" : " type='" + type + "'")
                + "><x xmlns='urn:x'/></presence>");
    }

    /** What was sent since the last look, without what the target and its own sessions hear of the proxy host. */
    private List<Stanza> sent() {
        List<Stanza> sent = new ArrayList<>(fixture.sentPresences());
        sent.removeIf(stanza ->
                stanza.from().equals(ProxyFixture.PROXY) && stanza.to().startsWith(TARGET));
        return sent;
    }

    private Stanza onlySent() {
        List<Stanza> sent = sent();
        assertThat(sent).hasSize(1);
        return sent.get(0);
    }

    private static String brief(Stanza presence) {
        return (presence.type() == null ? "available" : presence.type()) + " " + presence.from() + " > "
                + presence.to();
    }

    /** Joins, and gives the address that stands for the requester. */
    private Stanza join(String requester, String to) {
        sent();
        presence(requester, to, "");
        return onlySent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "proxy.example/x", "room@proxy.example", "room@proxy.example/nick"})
    void goesToOneResourceAndComesBackFromTheAddressUsed(String used) throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        Stanza joined = join(ProxyFixture.ALICE, used);
        assertThat(joined.type()).isNull();
        assertThat(joined.to()).startsWith(TARGET + '/');
        assertThat(joined.toXml()).contains("<x xmlns='urn:x'/>").doesNotContain(" id=");
        for (int i = 0; i < 10; i++) {
            Stanza again = join(ProxyFixture.ALICE, used);
            assertThat(again.to()).isEqualTo(joined.to());
            assertThat(again.from()).isEqualTo(joined.from());
        }
        presence(joined.to(), joined.from(), "");
        assertThat(brief(onlySent())).isEqualTo("available " + used + " > " + ProxyFixture.ALICE);
        presence(joined.to(), joined.from(), "unavailable");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + used + " > " + ProxyFixture.ALICE);
        presence(ProxyFixture.ALICE, used, "unavailable");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + joined.from() + " > " + joined.to());
        assertThat(fixture.proxy.relayedPresences()).isZero();
        assertThat(fixture.proxy.poolSize()).isEqualTo(2);
    }

    @Test
    void aPersonsSessionsMeetTheSameResource() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        String first = join("alice@some.example/1", ROOM).to();
        for (int i = 2; i < 15; i++) {
            assertThat(join("alice@some.example/" + i, ROOM).to()).isEqualTo(first);
        }
    }

    @Test
    void errorsGoWhereThePresenceWentAndToNobodyElse() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        presence(ProxyFixture.BOB, ROOM, "error");
        assertThat(sent()).isEmpty();
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        presence(ProxyFixture.ALICE, ROOM, "error");
        assertThat(brief(onlySent())).isEqualTo("error " + joined.from() + " > " + joined.to());
        presence(joined.to(), joined.from(), "error");
        assertThat(brief(onlySent())).isEqualTo("error " + ROOM + " > " + ProxyFixture.ALICE);
        assertThat(fixture.proxy.relayedPresences())
                .as("it is not wanted there")
                .isZero();
    }

    @Test
    void unavailableOfOneWhoIsNotKnownGoesToTheResourceOfTheConversation() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        String resource = join(ProxyFixture.ALICE, ROOM).to();
        presence("alice@some.example/other", ROOM, "unavailable");
        Stanza passed = onlySent();
        assertThat(passed.to()).isEqualTo(resource);
        assertThat(passed.type()).isEqualTo("unavailable");
    }

    @Test
    void whereNobodyIsThereTheRequesterHearsThat() throws Exception {
        start();
        fixture.ready();
        presence(ProxyFixture.ALICE, ROOM, "");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        presence(ProxyFixture.ALICE, ROOM, "unavailable");
        presence(ProxyFixture.ALICE, ROOM, "error");
        assertThat(sent()).isEmpty();
        fixture.comes(ProxyFixture.A);
        sent();
        fixture.proxy.pause();
        presence(ProxyFixture.ALICE, ROOM, "");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void subscriptionsAndProbesAreNeverPassedOn() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        for (String type : List.of("subscribed", "unsubscribe", "unsubscribed", "probe", "strange")) {
            presence(ProxyFixture.ALICE, ROOM, type);
            presence(joined.to(), joined.from(), type);
        }
        assertThat(sent()).isEmpty();
        presence(joined.to(), joined.from(), "subscribe");
        presence(ProxyFixture.ALICE, ROOM, "subscribe");
        assertThat(sent().stream().map(Stanza::type)).containsOnly("unsubscribed");
    }

    @Test
    void sessionsOfTheTargetAreNoRequesters() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        presence(ProxyFixture.A, ROOM, "");
        presence(ProxyFixture.A, "proxy.example/x", "");
        presence(ProxyFixture.A, "alice\\40some.example@proxy.example/home", "");
        assertThat(sent()).isEmpty();
        // A token that stands for a session of the target.
        fixture.get(ProxyFixture.A, "1");
        Stanza request = fixture.onlySent();
        presence(ProxyFixture.B, request.from(), "");
        assertThat(sent()).isEmpty();
        assertThat(fixture.proxy.poolSize()).isEqualTo(2);
    }

    @Test
    void toATokenThatNobodyMadeNothingGoes() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        String token = joined.from();
        presence(ProxyFixture.A, token.substring(0, token.length() - 3) + "AAA", "");
        presence(ProxyFixture.BOB, token, "");
        List<Stanza> sent = sent();
        // Bob's is one of somebody to an address of ours.
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).to()).isEqualTo(ProxyFixture.A);
    }

    @Test
    void onlyImplementingClientsMayShowThemselves() throws Exception {
        start(settings -> settings.with(PoolKeys.RESOURCES, List.of("a")));
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        presence(ProxyFixture.B, joined.from(), "");
        presence(TARGET, joined.from(), "");
        assertThat(sent()).isEmpty();
    }

    @Test
    void whoIsDeniedIsNeitherHeardNorTold() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.BOB, ROOM);
        fixture.proxy.adjust(ProxyFixture.settings(dir)
                .with(PresenceKeys.PRESENCE, Set.of(PresenceUse.RELAY))
                .with(RouteKeys.DENY, List.of(Jid.parse("other.example"))));
        fixture.loop.runDue();
        presence("bob@other.example/another", ROOM, "");
        presence(ProxyFixture.A, joined.from(), "");
        assertThat(sent()).isEmpty();
        presence(ProxyFixture.BOB, ROOM, "unavailable");
        assertThat(brief(onlySent())).as("what was told is taken back").startsWith("unavailable");
    }

    @Test
    void aFloodIsCutOffInSilenceInBothDirections() throws Exception {
        start(settings -> settings.with(MessageKeys.MESSAGE_RATE, 10));
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        for (int i = 0; i < 500; i++) {
            presence(ProxyFixture.ALICE, ROOM, "");
        }
        assertThat(sent()).hasSizeLessThanOrEqualTo(40);
        for (int i = 0; i < 500; i++) {
            presence(ProxyFixture.A, joined.from(), "");
        }
        assertThat(sent()).hasSizeLessThanOrEqualTo(40);
        presence(ProxyFixture.ALICE, ROOM, "unavailable");
        assertThat(brief(onlySent())).as("the end is known all the same").startsWith("unavailable");
    }

    @Test
    void anAccountHasTwentyPlacesAndAllTogetherAreBounded() throws Exception {
        start(settings -> settings.with(MessageKeys.MAX_CONVERSATIONS, 30));
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 25; i++) {
            presence(ProxyFixture.ALICE, "room" + i + "@proxy.example", "");
        }
        assertThat(sent()).hasSize(20);
        for (int i = 0; i < 1_000; i++) {
            presence("u" + i + "@big.example/x", ROOM, "");
        }
        assertThat(sent()).hasSize(10);
        assertThat(fixture.proxy.relayedPresences()).isEqualTo(30);
    }

    @Test
    void whoMayHaveLeftWhileTheStreamWasDownMakesRoom() throws Exception {
        start(settings -> settings.with(MessageKeys.MAX_CONVERSATIONS, 30));
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 20; i++) {
            presence(ProxyFixture.ALICE, "room" + i + "@proxy.example", "");
        }
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.ready(ProxyFixture.A);
        sent();
        for (int i = 20; i < 60; i++) {
            presence(ProxyFixture.ALICE, "room" + i + "@proxy.example", "");
        }
        assertThat(sent()).hasSize(20);
        for (int i = 0; i < 1_000; i++) {
            presence("u" + i + "@big.example/x", ROOM, "");
        }
        assertThat(sent()).hasSize(10);
    }

    @Test
    void whenAResourceLeavesEachThatHadItsPresenceHears() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String alice = join(ProxyFixture.ALICE, ROOM).from();
        String bob = join(ProxyFixture.BOB, "proxy.example").from();
        String carol = join("carol@some.example/x", ROOM).from();
        presence(ProxyFixture.A, alice, "");
        presence(ProxyFixture.A, bob, "");
        presence(ProxyFixture.A, carol, "");
        presence(ProxyFixture.A, carol, "unavailable");
        join("dave@some.example/x", ROOM);
        fixture.pass(Duration.ofSeconds(2));
        sent();
        fixture.comes(ProxyFixture.B);
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofMillis(1));
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactlyInAnyOrder(
                        "unavailable " + ROOM + " > " + ProxyFixture.ALICE,
                        "unavailable proxy.example > " + ProxyFixture.BOB);
        assertThat(fixture.proxy.relayedPresences()).isZero();
        assertThat(join(ProxyFixture.ALICE, ROOM).to()).isEqualTo(ProxyFixture.B);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(sent()).isEmpty();
    }

    @Test
    void whoHasHeardOfTheProxyThatAResourceHasLeftDoesNotHearItOfTheServerAsWell() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        String first = joined.to();
        presence(first, joined.from(), "");
        fixture.pass(Duration.ofSeconds(2));
        sent();
        fixture.leaves(first);
        presence(first, joined.from(), "unavailable");
        fixture.pass(Duration.ofSeconds(1));
        presence(first, joined.from(), "unavailable");
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .as("the second one is the resource's own")
                .containsExactly(
                        "unavailable " + ROOM + " > " + ProxyFixture.ALICE,
                        "unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        // The other way round.
        String second = join(ProxyFixture.ALICE, ROOM).to();
        assertThat(second).isNotEqualTo(first);
        presence(second, joined.from(), "");
        fixture.pass(Duration.ofSeconds(2));
        sent();
        presence(second, joined.from(), "unavailable");
        fixture.leaves(second);
        fixture.pass(Duration.ofSeconds(5));
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void whoComesAgainAfterThatHearsThatItIsNotWanted() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String token = join(ProxyFixture.ALICE, ROOM).from();
        presence(ProxyFixture.A, token, "");
        fixture.pass(Duration.ofSeconds(2));
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofMillis(1));
        fixture.comes(ProxyFixture.A);
        assertThat(join(ProxyFixture.ALICE, ROOM).to()).isEqualTo(ProxyFixture.A);
        presence(ProxyFixture.A, token, "unavailable");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void longAfterAnEndTheSameIsNewsAgain() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String token = join(ProxyFixture.ALICE, ROOM).from();
        presence(ProxyFixture.A, token, "");
        fixture.pass(Duration.ofSeconds(2));
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofMinutes(1));
        sent();
        presence(ProxyFixture.A, token, "unavailable");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void theNextSessionUnderThatAddressStartsAnew() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String token = join(ProxyFixture.ALICE, ROOM).from();
        presence(ProxyFixture.A, token, "");
        fixture.pass(Duration.ofSeconds(2));
        sent();
        fixture.leaves(ProxyFixture.A);
        fixture.comes(ProxyFixture.A);
        fixture.pass(Duration.ofMillis(1));
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactly("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        presence(ProxyFixture.A, token, "");
        assertThat(brief(onlySent())).startsWith("available " + ROOM);
        fixture.pass(Duration.ofSeconds(2));
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofMillis(1));
        assertThat(brief(onlySent())).startsWith("unavailable " + ROOM);
    }

    @Test
    void whenTheEndOfTheSessionBeforeComesLateTheNextOnesPresenceStays() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String token = join(ProxyFixture.ALICE, ROOM).from();
        presence(ProxyFixture.A, token, "");
        fixture.pass(Duration.ofSeconds(10));
        String bob = join(ProxyFixture.BOB, ROOM).from();
        // The next session is there, and shows itself to Bob, before the server says that the one before has ended.
        fixture.comes(ProxyFixture.A);
        presence(ProxyFixture.A, bob, "");
        sent();
        fixture.leaves(ProxyFixture.A);
        fixture.comes(ProxyFixture.A);
        fixture.pass(Duration.ofMinutes(1));
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactly("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void whoComesAndGoesAtOnceLeavesNoPresenceBehind() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        presence(ProxyFixture.A, join(ProxyFixture.ALICE, ROOM).from(), "");
        sent();
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(10));
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactly("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        assertThat(fixture.proxy.relayedPresences()).isZero();
    }

    @Test
    void whoseResourceIsGoneForGoodWhileTheStreamIsDownHearsOnTheNextOne() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, ROOM);
        presence(joined.to(), joined.from(), "");
        sent();
        // So soon after it came it may be the end of the session before.
        fixture.leaves(ProxyFixture.A);
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.pass(Duration.ofSeconds(10));
        assertThat(sent()).isEmpty();
        fixture.stream().become(StreamState.READY);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactly("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        assertThat(fixture.proxy.relayedPresences()).isZero();
    }

    @Test
    void whateverResourceItWasAllHearAtOnceWhileTheyAreFew() throws Exception {
        start();
        fixture.ready(ProxyFixture.A, ProxyFixture.B);
        presence(ProxyFixture.A, join(ProxyFixture.ALICE, ROOM).from(), "");
        presence(ProxyFixture.B, join(ProxyFixture.BOB, ROOM).from(), "");
        sent();
        fixture.leaves(ProxyFixture.A);
        fixture.leaves(ProxyFixture.B);
        fixture.stream().become(StreamState.DISCONNECTED);
        fixture.pass(Duration.ofSeconds(10));
        fixture.stream().become(StreamState.READY);
        assertThat(sent().stream().map(RelayedPresenceTest::brief))
                .containsExactlyInAnyOrder(
                        "unavailable " + ROOM + " > " + ProxyFixture.ALICE,
                        "unavailable " + ROOM + " > " + ProxyFixture.BOB);
    }

    @Test
    void aThousandHearInPortions() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 1_000; i++) {
            String token = join("u" + i + "@some.example/x", ROOM).from();
            presence(ProxyFixture.A, token, "");
        }
        fixture.pass(Duration.ofSeconds(2));
        sent();
        int[] inTask = new int[2];
        fixture.loop.watch(() -> {
            inTask[1] = Math.max(inTask[1], inTask[0]);
            inTask[0] = 0;
        });
        fixture.stream().witness((stanza, refused) -> inTask[0]++);
        fixture.leaves(ProxyFixture.A);
        fixture.pass(Duration.ofSeconds(1));
        assertThat(new HashSet<>(sent().stream().map(Stanza::to).toList())).hasSize(1_000);
        assertThat(inTask[1]).isLessThanOrEqualTo(105);
    }

    @Test
    void atTheStopEachThatHasAPresenceHears() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        for (int i = 0; i < 300; i++) {
            String token = join("u" + i + "@some.example/x", ROOM).from();
            if (i % 2 == 0) {
                presence(ProxyFixture.A, token, "");
            }
        }
        sent();
        ProxyFixture stopped = fixture;
        fixture = null;
        Thread stopper = new Thread(stopped.context::stop, "stop");
        stopper.start();
        List<String> told = new ArrayList<>();
        while (stopper.isAlive()) {
            stopped.loop.advance(Duration.ofMillis(10));
            stopped.stream().takeSent().stream()
                    .filter(stanza -> stanza.to().startsWith("u"))
                    .forEach(stanza -> told.add(stanza.type()));
            if (told.size() == 150) {
                // It leaves as well; all have heard.
                stopped.leaves(ProxyFixture.A);
            }
            Thread.onSpinWait();
        }
        assertThat(told).hasSize(150).containsOnly("unavailable");
    }

    @Test
    void fromTheStopOnNobodySeesAResourceCome() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        String token = join(ProxyFixture.ALICE, ROOM).from();
        fixture.proxy.contextStops();
        ShutdownAware consumer =
                (ShutdownAware) fixture.context.getRoute("proxy-stanzas").getConsumer();
        consumer.deferShutdown(ShutdownRunningTask.CompleteCurrentTaskOnly);
        fixture.loop.runDue();
        sent();
        presence(ProxyFixture.A, token, "");
        assertThat(sent()).as("nobody would take it back").isEmpty();
        presence(ProxyFixture.A, token, "unavailable");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.ALICE);
        presence(ProxyFixture.BOB, ROOM, "");
        assertThat(brief(onlySent())).isEqualTo("unavailable " + ROOM + " > " + ProxyFixture.BOB);
    }

    @Test
    void withServiceThePresenceOfTheProxyHostItselfIsTheProxys() throws Exception {
        start(settings -> settings.with(PresenceKeys.PRESENCE, EnumSet.allOf(PresenceUse.class)));
        fixture.ready(ProxyFixture.A);
        Stanza joined = join(ProxyFixture.ALICE, "proxy.example");
        assertThat(joined.to()).isEqualTo(ProxyFixture.A);
        presence(ProxyFixture.A, joined.from(), "");
        presence(ProxyFixture.A, joined.from(), "unavailable");
        assertThat(sent()).isEmpty();
        presence(ProxyFixture.A, joined.from(), "error");
        assertThat(brief(onlySent())).isEqualTo("error proxy.example > " + ProxyFixture.ALICE);
        Stanza other = join(ProxyFixture.ALICE, ROOM);
        presence(ProxyFixture.A, other.from(), "");
        assertThat(brief(onlySent())).isEqualTo("available " + ROOM + " > " + ProxyFixture.ALICE);
    }

    @Test
    void whileTheRoutesAreStoppedPresenceGoesOn() throws Exception {
        start();
        fixture.ready(ProxyFixture.A);
        fixture.context.getRouteController().stopRoute("proxy-stanzas");
        assertThat(join(ProxyFixture.ALICE, ROOM).to()).isEqualTo(ProxyFixture.A);
    }

    @Test
    void withoutItAllIsSilenceAsEver() throws Exception {
        start(settings -> settings.with(PresenceKeys.PRESENCE, Set.of()));
        fixture.ready(ProxyFixture.A);
        presence(ProxyFixture.ALICE, ROOM, "");
        presence(ProxyFixture.ALICE, ROOM, "unavailable");
        presence(ProxyFixture.ALICE, ROOM, "error");
        fixture.get(ProxyFixture.ALICE, "1");
        presence(ProxyFixture.A, fixture.onlySent().from(), "");
        assertThat(sent()).isEmpty();
        assertThat(fixture.proxy.counters().presence().events(Event.NOT_RELAYED))
                .isZero();
    }
}
