package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.pool.PoolListener;
import org.clientproxy.proxy.pool.PooledResource;
import org.clientproxy.proxy.pool.ResourcePool;
import org.clientproxy.proxy.pool.TargetPresence;
import org.clientproxy.proxy.pool.TargetSubscription;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** No answer is no evidence, but silence for long is: probes that are repeated, suspicion, sweeps, doubts; and their log. */
class SilentSessionsTest implements PoolListener {
    private static final Jid TARGET = Jid.parse("worker@some.example");
    private static final Jid A = Jid.parse("worker@some.example/a");
    private static final Jid B = Jid.parse("worker@some.example/b");
    private static final String PROBE = "probe>worker@some.example";
    private static final String SUBSCRIBE = "subscribe>worker@some.example";

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final List<String> sent = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private TargetSubscription subscription = subscription();

    private TargetSubscription subscription(String... resources) {
        ProxySettings settings = new SettingsBuilder(ProxyFixture.settings(Path.of("unused")))
                .resources(resources)
                .build();
        return new TargetSubscription(settings, loop, pool, this, (type, to) -> sent.add(type + ">" + to));
    }

    @Override
    public void resourceLeft(PooledResource resource, boolean settle) {
        heard.add("left " + resource.jid().resource() + (settle ? "" : " keep"));
    }

    @Override
    public void poolConfirmed() {
        heard.add("confirmed");
    }

    private void receive(String type, Jid from) {
        subscription.receive(new TargetPresence(type, from, null, 0, null));
    }

    private List<String> takeSent() {
        List<String> taken = List.copyOf(sent);
        sent.clear();
        return taken;
    }

    private void subscribed(Jid... there) {
        subscription.streamReady();
        receive("subscribed", TARGET);
        for (Jid each : there) {
            receive("", each);
        }
        sent.clear();
        heard.clear();
    }

    private void pass(double seconds) {
        loop.advance(Duration.ofMillis((long) (seconds * 1000)));
    }

    @Test
    void probesAgainWhileNobodyAnswers() {
        subscribed();
        for (int delay : new int[] {1, 2, 4, 8, 16}) {
            pass(delay - 0.001);
            assertThat(takeSent()).isEmpty();
            pass(0.001);
            assertThat(takeSent()).containsExactly(PROBE);
        }
        receive("", A);
        pass(28);
        assertThat(takeSent()).isEmpty();
    }

    @Test
    void staysHarmlessWhileNobodyIsThereAndNoServerSaysSo() {
        subscribed();
        pass(300);
        takeSent();
        for (int minute = 0; minute < 10; minute++) {
            pass(60);
            if (takeSent().contains(SUBSCRIBE)) {
                receive("subscribed", TARGET);
            }
            assertThat(takeSent()).hasSizeLessThanOrEqualTo(2);
        }
    }

    @Test
    void takesTheAccountsUnavailableForAnAnswer() {
        subscribed();
        receive("unavailable", TARGET);
        pass(59);
        assertThat(takeSent()).isEmpty();
    }

    @Test
    void probesAgainForThoseWhomItKnewBeforeTheBreak() {
        subscribed(A, B);
        subscription.streamDown();
        subscription.streamReady();
        receive("subscribed", TARGET);
        receive("", A);
        takeSent();
        pass(1);
        assertThat(takeSent()).containsExactly(PROBE);
        receive("", B);
        pass(10);
        assertThat(takeSent()).isEmpty();
        assertThat(pool.size()).isEqualTo(2);
    }

    @Test
    void aSuspectThatDoesNotAnswerLeaves() {
        subscribed(A, B);
        subscription.suspect(pool.find(A));
        assertThat(takeSent()).containsExactly(PROBE);
        assertThat(pool.size()).isOne();
        assertThat(pool.isInDoubt()).isTrue();
        receive("", B);
        pass(2.9);
        assertThat(heard).isEmpty();
        pass(0.1);
        assertThat(heard).containsExactly("left a");
        assertThat(pool.isInDoubt()).isFalse();
    }

    @Test
    void aSuspectThatAnswersStaysAndIsLeftAloneForTenMinutes() {
        subscribed(A, B);
        for (int i = 0; i < 5; i++) {
            subscription.suspect(pool.find(A));
            receive("", A);
            pass(60);
        }
        assertThat(takeSent()).filteredOn(PROBE::equals).hasSize(1);
        assertThat(pool.size()).isEqualTo(2);
        pass(301);
        sent.clear();
        subscription.suspect(pool.find(A));
        assertThat(takeSent()).containsExactly(PROBE);
    }

    @Test
    void oneProbeASecondServesAllSuspects() {
        List<Jid> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(Jid.parse("worker@some.example/r" + i));
        }
        subscribed(all.toArray(new Jid[0]));
        for (Jid each : all) {
            subscription.suspect(pool.find(each));
            receive("", B);
            pass(0.01);
        }
        pass(1);
        assertThat(takeSent()).hasSizeBetween(1, 3);
        pass(3);
        assertThat(pool.all()).extracting(PooledResource::jid).containsExactly(B);
    }

    @Test
    void nobodyIsSuspectedWhereTheServerReportsEnds() {
        subscription.streamReady();
        receive("", A);
        takeSent();
        subscription.suspect(pool.find(A));
        assertThat(takeSent()).isEmpty();
        assertThat(pool.size()).isOne();
    }

    @Test
    void theTenMinuteProbeSweepsThoseWhoDoNotAnswer() {
        subscribed(A, B);
        // The first refresh comes after a minute, for the pool was empty when the target accepted.
        pass(60);
        assertThat(takeSent()).containsExactly(SUBSCRIBE);
        receive("subscribed", TARGET);
        receive("", A);
        assertThat(takeSent()).containsExactly(PROBE);
        pass(1);
        assertThat(takeSent()).as("again for b, whose answer may be lost").containsExactly(PROBE);
        pass(2);
        assertThat(heard).containsExactly("left b");
        // Who was swept away wrongly comes back soon.
        pass(60);
        assertThat(takeSent()).contains(SUBSCRIBE);
    }

    @Test
    void aLeaveIsInDoubtUntilTheResourceIsBackOrWouldHaveAnswered() {
        subscribed(A);
        pass(0.5);
        receive("unavailable", A);
        assertThat(pool.size()).isZero();
        assertThat(pool.isInDoubt()).isTrue();
        receive("", A);
        assertThat(pool.isInDoubt()).isFalse();
        pass(0.5);
        receive("unavailable", A);
        assertThat(pool.isInDoubt()).as("the second one").isTrue();
        pass(3);
        assertThat(pool.isInDoubt()).isFalse();
    }

    @Test
    void aLeaveLongAfterTheArrivalIsNoDoubt() {
        subscribed(A);
        pass(2);
        receive("unavailable", A);
        assertThat(pool.isInDoubt()).isFalse();
    }

    @Test
    void noDoubtOutlivesAStop() {
        subscribed(A, B);
        subscription.suspect(pool.find(A));
        receive("unavailable", B);
        subscription.stop();
        assertThat(pool.isInDoubt()).isFalse();
        assertThat(pool.size()).isOne();
        assertThat(loop.timers()).isZero();
    }

    @Test
    void takesInOnlySessionsThatAreListed() {
        subscription = subscription("w-*", "?");
        subscribed();
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (String resource :
                    List.of("w-", "w-1", "x", "\ud83d\udc2b", "w", "W-1", "xw-1", "xx", "phone", "phone")) {
                receive("", Jid.parse("worker@some.example/" + resource));
            }
            assertThat(pool.all())
                    .extracting(each -> each.jid().resource())
                    .containsExactlyInAnyOrder("w-", "w-1", "x", "\ud83d\udc2b", "w");
            assertThat(log.events())
                    .filteredOn(event -> event.contains("/phone"))
                    .hasSize(1);
            for (int i = 0; i < 1000; i++) {
                receive("", Jid.parse("worker@some.example/other" + i));
            }
            assertThat(log.events())
                    .filteredOn(event -> event.contains("proxy.resources"))
                    .hasSize(50);
        }
    }

    @Test
    void aTargetThatChangesItsMindAllTheTimeDoesNotFloodTheLog() {
        subscription.streamReady();
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            for (int i = 0; i < 1000; i++) {
                receive("subscribed", TARGET);
                receive("subscribed", TARGET);
                receive("", A);
                receive("error", A);
                receive("", A);
                receive("unavailable", A);
                receive("error", TARGET);
                receive("unsubscribed", TARGET);
                pass(0.01);
            }
            // Who comes and who leaves has lines of its own.
            assertThat(log.events())
                    .filteredOn(event -> !event.contains(" came; ") && !event.contains(" left; "))
                    .hasSizeLessThanOrEqualTo(6);
        }
    }

    @Test
    void saysOnceAMinuteThatNobodyIsThereAndDoesNotForgetTheLastTime() {
        subscribed(A);
        try (CapturedLog log = CapturedLog.ofUs(Level.WARN)) {
            for (int i = 0; i < 5; i++) {
                pass(5);
                receive("unavailable", A);
                if (i < 4) {
                    receive("", A);
                }
            }
            assertThat(log.events())
                    .filteredOn(event -> event.contains("no session"))
                    .hasSize(1);
            pass(60);
            assertThat(log.events())
                    .filteredOn(event -> event.contains("no session"))
                    .hasSize(2);
            pass(600);
            assertThat(log.events())
                    .filteredOn(event -> event.contains("no session"))
                    .hasSize(2);
        }
    }
}
