package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who is taken out of the choice for time-outs, for how long, and how one returns, on a simulated clock. */
class EjectionsTest {
    private static final String TARGET = "worker@some.example";

    private record Ping(Jid to, Consumer<@Nullable Stanza> heard) {}

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.ROUND_ROBIN, new Random(1));
    private final List<Ping> pings = new ArrayList<>();
    private final List<PooledResource> doubtful = new ArrayList<>();
    private int looks;
    private Ejections ejections = ejections(settings -> settings);

    private Ejections ejections(UnaryOperator<ProxySettings> change) {
        return new Ejections(
                change.apply(ProxyFixture.settings(Path.of("unused"))),
                loop,
                pool,
                (to, child, limit, heard) -> {
                    assertThat(child).isEqualTo("<ping xmlns='urn:xmpp:ping'/>");
                    assertThat(limit).isEqualTo(Duration.ofSeconds(10));
                    pings.add(new Ping(to, heard));
                },
                new PoolListener() {
                    @Override
                    public void resourceLeft(PooledResource resource, boolean settle) {}

                    @Override
                    public void poolConfirmed() {}

                    @Override
                    public void lookAgain() {
                        looks++;
                    }
                },
                doubtful::add);
    }

    @BeforeEach
    void confirmed() {
        pool.confirm();
        ejections.streamReady();
    }

    private static Jid jid(int number) {
        return Jid.parse(TARGET + "/r" + number);
    }

    private PooledResource comes(int number) {
        pool.put(new TargetPresence("", jid(number), null, 0, null), loop.nanoTime());
        return pool.find(jid(number));
    }

    private List<PooledResource> come(int count) {
        List<PooledResource> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            all.add(comes(i));
        }
        return all;
    }

    private void timeOut(PooledResource resource, int times) {
        for (int i = 0; i < times; i++) {
            ejections.timedOut(resource);
        }
    }

    private void pass(double seconds) {
        loop.advance(Duration.ofMillis(Math.round(seconds * 1000)));
    }

    private Ping onlyPing() {
        assertThat(pings).hasSize(1);
        return pings.remove(0);
    }

    private static Stanza pong(Ping to) {
        return StanzaXml.parse("<iq type='result' id='p' from='" + to.to() + "' to='proxy.example'/>");
    }

    private static Stanza refusal(Ping to, String condition) {
        return StanzaXml.parse("<iq type='error' id='p' from='" + to.to()
                + "' to='proxy.example'><error type='cancel'><" + condition
                + " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }

    /** Lets time pass until it is pinged, and gives for how long it was out till then, in seconds. */
    private double untilPinged() {
        long from = loop.nanoTime();
        for (int i = 0; i < 20_000 && pings.isEmpty(); i++) {
            pass(0.1);
        }
        return Math.round((loop.nanoTime() - from) / 1e8) / 10.0;
    }

    @Test
    void fiveTimeOutsInARowTakeItOut() {
        List<PooledResource> two = come(2);
        timeOut(two.get(0), 4);
        assertThat(two.get(0).isChoosable()).isTrue();
        ejections.replied(two.get(0), null);
        timeOut(two.get(0), 4);
        ejections.replied(two.get(0), Condition.ITEM_NOT_FOUND);
        timeOut(two.get(0), 4);
        assertThat(two.get(0).isChoosable()).isTrue();
        timeOut(two.get(0), 1);
        assertThat(two.get(0).isChoosable()).isFalse();
        assertThat(two.get(0).isEjected()).isTrue();
        assertThat(two.get(0).ejectedWhy(loop.nanoTime())).isEqualTo("5 requests in a row timed out; ping in 30 s");
        for (int i = 0; i < 10; i++) {
            assertThat(pool.choose(new AskedBy(Jid.parse("alice@some.example/home"), List.of())))
                    .isSameAs(two.get(1));
        }
        assertThat(ejections.size()).isOne();
        assertThat(ejections.count()).isOne();
    }

    @ParameterizedTest
    @CsvSource({"1, 0", "2, 1", "3, 1", "4, 2", "5, 2", "9, 4", "10, 5"})
    void neverMoreThanHalfAreOut(int there, int most) {
        List<PooledResource> all = come(there);
        for (int round = 0; round < 20; round++) {
            all.forEach(each -> timeOut(each, 1));
        }
        assertThat(ejections.size()).isEqualTo(most);
        assertThat(pool.size()).isEqualTo(there - most);
    }

    @Test
    void whoCouldNotBeEjectedIsWhenThereIsRoom() {
        PooledResource hung = comes(0);
        timeOut(hung, 9);
        assertThat(hung.isEjected()).isFalse();
        comes(1);
        assertThat(hung.isEjected()).isFalse();
        timeOut(hung, 1);
        assertThat(hung.isEjected()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"leaves", "is retired", "is suspect"})
    void whereOthersAreGoneTheLongestOutReturnsEarly(String why) {
        List<PooledResource> four = come(4);
        timeOut(four.get(2), 5);
        pass(1);
        timeOut(four.get(0), 5);
        looks = 0;
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            switch (why) {
                case "leaves" -> pool.remove(four.get(1));
                case "is retired" -> pool.retire(four.get(1));
                default -> pool.suspect(four.get(1));
            }
            assertThat(log.events())
                    .singleElement()
                    .asString()
                    .contains("r2 gets new requests again after 1 s: no more than half");
        }
        assertThat(four.get(2).isChoosable()).isTrue();
        assertThat(four.get(0).isEjected()).isTrue();
        assertThat(looks).isOne();
        pool.remove(four.get(3));
        assertThat(four.get(0).isEjected()).as("one of two").isTrue();
        pool.remove(four.get(2));
        assertThat(four.get(0).isChoosable()).as("the last one").isTrue();
        assertThat(loop.timers()).isZero();
    }

    @Test
    void aRetiredOneIsNotCounted() {
        List<PooledResource> three = come(3);
        timeOut(three.get(0), 5);
        pool.retire(three.get(0));
        timeOut(three.get(1), 5);
        assertThat(three.get(1).isEjected()).isTrue();
        pool.restore(three.get(0));
        assertThat(three.get(0).isChoosable())
                .as("of three, one is out: the longest returned")
                .isTrue();
        timeOut(pool.find(jid(2)), 5);
        assertThat(pool.size()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"result", "feature-not-implemented", "service-unavailable", "item-not-found"})
    void anyAnswerToThePingLetsItReturn(String answer) {
        PooledResource hung = come(2).get(0);
        timeOut(hung, 5);
        pass(29.9);
        assertThat(pings).isEmpty();
        pass(0.1);
        Ping ping = onlyPing();
        assertThat(ping.to()).isEqualTo(hung.jid());
        assertThat(hung.ejectedWhy(loop.nanoTime())).isEqualTo("5 requests in a row timed out; pinged");
        looks = 0;
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            ping.heard().accept("result".equals(answer) ? pong(ping) : refusal(ping, answer));
            assertThat(log.events())
                    .singleElement()
                    .asString()
                    .contains("r0 gets new requests again after 30 s: it answered a ping");
        }
        assertThat(hung.isEjected()).isFalse();
        assertThat(hung.isChoosable()).isTrue();
        assertThat(hung.timeouts()).isZero();
        assertThat(looks).isOne();
        // What looks like a server's answer makes the presence tell whether the session is there.
        assertThat(doubtful)
                .isEqualTo("service-unavailable".equals(answer) ? List.of(hung) : List.<PooledResource>of());
        assertThat(loop.timers()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"silence", "remote-server-timeout", "remote-server-not-found"})
    void withoutAnAnswerTheTimeDoublesUpToTenMinutes(String answer) {
        PooledResource hung = come(2).get(0);
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            timeOut(hung, 5);
            for (double seconds : List.of(30.0, 60.0, 120.0, 240.0, 480.0, 600.0, 600.0)) {
                assertThat(untilPinged()).isEqualTo(seconds);
                Ping ping = onlyPing();
                ping.heard().accept("silence".equals(answer) ? null : refusal(ping, answer));
                assertThat(hung.isEjected()).isTrue();
            }
            assertThat(log.events()).hasSize(1);
            assertThat(log.events().get(0))
                    .contains("r0 gets no new requests for 30 s: 5 requests in a row timed out; then it is pinged");
        }
    }

    @Test
    void whoIsOutAgainSoonIsOutForTwiceAsLongUntilItWasHealthyForAsLong() {
        PooledResource hung = come(2).get(0);
        for (double seconds : List.of(30.0, 60.0, 120.0)) {
            timeOut(hung, 5);
            assertThat(untilPinged()).isEqualTo(seconds);
            Ping ping = onlyPing();
            ping.heard().accept(pong(ping));
            pass(seconds - 1);
        }
        pass(1);
        timeOut(hung, 5);
        assertThat(untilPinged()).isEqualTo(30.0);
    }

    @Test
    void theFirstTimeIsSet() {
        ejections = ejections(settings ->
                settings.with(WorkerKeys.EJECT_TIME, Duration.ofMinutes(20)).with(WorkerKeys.EJECT_AFTER, 1));
        ejections.streamReady();
        PooledResource hung = come(2).get(0);
        timeOut(hung, 1);
        for (int i = 0; i < 2; i++) {
            assertThat(untilPinged()).isEqualTo(1200.0);
            onlyPing().heard().accept(null);
        }
    }

    @Test
    void aNewSessionIsANewStart() {
        PooledResource hung = come(2).get(0);
        hung.setWork(() -> 1);
        timeOut(hung, 5);
        pass(30);
        Ping ping = onlyPing();
        pool.remove(hung);
        assertThat(ejections.size()).isZero();
        PooledResource again = comes(0);
        assertThat(again).isSameAs(hung);
        assertThat(again.isChoosable()).isTrue();
        assertThat(again.timeouts()).isZero();
        ping.heard().accept(null);
        assertThat(again.isChoosable()).isTrue();
        timeOut(again, 4);
        assertThat(again.isChoosable()).isTrue();
        timeOut(again, 1);
        assertThat(untilPinged()).isEqualTo(30.0);
    }

    @Test
    void anOperatorsRestoreIsANewStartAtOnce() {
        PooledResource hung = come(2).get(0);
        timeOut(hung, 5);
        assertThat(untilPinged()).isEqualTo(30.0);
        onlyPing().heard().accept(null);
        looks = 0;
        ejections.restore(hung);
        assertThat(hung.isChoosable()).isTrue();
        assertThat(looks).isOne();
        assertThat(loop.timers()).isZero();
        timeOut(hung, 5);
        assertThat(untilPinged()).isEqualTo(30.0);
    }

    @Test
    void restoringWhoIsNotOutChangesNothing() {
        PooledResource well = come(2).get(0);
        ejections.restore(well);
        assertThat(well.isChoosable()).isTrue();
        assertThat(looks).isZero();
    }

    @Test
    void namedErrorsCountLikeTimeOutsAndBouncesCountForNothing() {
        ejections =
                ejections(settings -> settings.with(WorkerKeys.EJECT_ON, List.of(Condition.FEATURE_NOT_IMPLEMENTED)));
        PooledResource wrong = come(2).get(0);
        timeOut(wrong, 3);
        ejections.replied(wrong, Condition.SERVICE_UNAVAILABLE);
        ejections.replied(wrong, Condition.RECIPIENT_UNAVAILABLE);
        ejections.replied(wrong, Condition.FEATURE_NOT_IMPLEMENTED);
        assertThat(wrong.timeouts()).isEqualTo(4);
        ejections.replied(wrong, Condition.FEATURE_NOT_IMPLEMENTED);
        assertThat(wrong.ejectedWhy(loop.nanoTime()))
                .startsWith("5 requests in a row failed, the last one with feature-not-implemented;");
    }

    @Test
    void zeroIsNever() {
        ejections = ejections(settings -> settings.with(WorkerKeys.EJECT_AFTER, 0));
        PooledResource hung = come(2).get(0);
        timeOut(hung, 100);
        assertThat(hung.isChoosable()).isTrue();
    }

    @Test
    void whatWasSentBeforeABreakOrTheReturnIsNotHeldAgainstIt() {
        PooledResource hung = come(2).get(0);
        pass(10);
        assertThat(hung.isAnswerableFor(Duration.ofSeconds(10).toNanos(), loop.nanoTime()))
                .isTrue();
        assertThat(hung.isAnswerableFor(Duration.ofSeconds(11).toNanos(), loop.nanoTime()))
                .isFalse();
        timeOut(hung, 4);
        pool.unconfirm();
        comes(0);
        comes(1);
        assertThat(hung.timeouts()).isZero();
        pass(10);
        timeOut(hung, 5);
        untilPinged();
        Ping ping = onlyPing();
        ping.heard().accept(pong(ping));
        pass(1);
        assertThat(hung.isAnswerableFor(Duration.ofSeconds(1).toNanos(), loop.nanoTime()))
                .isTrue();
        assertThat(hung.isAnswerableFor(Duration.ofSeconds(2).toNanos(), loop.nanoTime()))
                .isFalse();
    }

    @Test
    void aBreakOfTheStreamPausesTheTimeAndNobodyReturnsForItsOrder() {
        List<PooledResource> three = come(3);
        timeOut(three.get(1), 5);
        pass(30);
        Ping lost = onlyPing();
        ejections.streamDown();
        pool.unconfirm();
        assertThat(loop.timers()).isZero();
        lost.heard().accept(null);
        pass(100);
        assertThat(pings).isEmpty();
        pool.gather(true);
        ejections.streamReady();
        comes(1);
        pool.confirm();
        assertThat(three.get(1).isEjected())
                .as("the others have had no time to show up")
                .isTrue();
        assertThat(pool.isInDoubt()).isTrue();
        pass(0);
        Ping ping = onlyPing();
        comes(0);
        assertThat(pool.isInDoubt()).isFalse();
        pool.gather(false);
        assertThat(three.get(1).isEjected()).as("one of two").isTrue();
        ping.heard().accept(pong(ping));
        assertThat(three.get(1).isChoosable()).isTrue();
    }

    @Test
    void whoIsAloneAfterABreakReturnsWhenTheOthersHaveHadTheirTime() {
        List<PooledResource> three = come(3);
        timeOut(three.get(1), 5);
        ejections.streamDown();
        pool.unconfirm();
        pool.gather(true);
        ejections.streamReady();
        comes(1);
        pool.confirm();
        assertThat(pool.size()).isZero();
        assertThat(pool.isInDoubt()).isTrue();
        pool.gather(false);
        assertThat(three.get(1).isChoosable()).isTrue();
        assertThat(pool.isInDoubt()).isFalse();
    }

    @Test
    void manyThatHangDoNotFloodTheLog() {
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            List<PooledResource> all = come(1000);
            all.forEach(each -> timeOut(each, 5));
            assertThat(ejections.size()).isEqualTo(500);
            assertThat(log.events()).hasSize(60);
            pass(61);
            List<Ping> asked = List.copyOf(pings);
            asked.forEach(ping -> ping.heard().accept(pong(ping)));
            assertThat(ejections.size()).isZero();
            assertThat(log.events()).hasSize(120);
            assertThat(log.events().get(60)).contains("(440 more such events since the last such line)");
        }
    }

    @Test
    void anotherMoveIsAFault() {
        Ejection ejection = new Ejection(1);
        assertThatThrownBy(ejection::ping)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("an ejection cannot go from IN to PINGED");
    }
}
