package org.clientproxy.proxy.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.clientproxy.proxy.ProxyFixture;
import org.clientproxy.proxy.settings.ClusterKeys;
import org.clientproxy.proxy.settings.ClusterStreams;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.stream.SimulatedLoop;
import org.clientproxy.xmpp.Jid;
import org.junit.jupiter.api.Test;

/** The rules of subscription, probe and pool, on a simulated clock. */
class TargetSubscriptionTest implements PoolListener {
    private static final Jid TARGET = Jid.parse("worker@some.example");
    private static final Jid A = Jid.parse("worker@some.example/a");
    private static final Jid B = Jid.parse("worker@some.example/b");

    private final SimulatedLoop loop = new SimulatedLoop();
    private final ResourcePool pool = new ResourcePool(SelectionPolicy.RANDOM, new Random(1));
    private final List<String> sent = new ArrayList<>();
    private final List<String> heard = new ArrayList<>();
    private final TargetSubscription subscription = new TargetSubscription(
            ProxyFixture.settings(Path.of("unused")), loop, pool, this, (type, to) -> sent.add(type + ">" + to));

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

    private void subscribed() {
        subscription.streamReady();
        receive("subscribed", TARGET);
        sent.clear();
    }

    @Test
    void probesOnlyAfterSubscribed() {
        subscription.streamReady();
        assertThat(takeSent()).containsExactly(">worker@some.example", "subscribe>worker@some.example");
        loop.advance(Duration.ofMinutes(5));
        receive("unavailable", TARGET);
        assertThat(takeSent()).isNotEmpty().containsOnly("subscribe>worker@some.example");
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
    }

    @Test
    void asksAtGrowingDelaysUntilSubscribed() {
        subscription.streamReady();
        takeSent();
        int[] seconds = {1, 2, 4, 8, 16, 32, 60, 60};
        for (int delay : seconds) {
            loop.advance(Duration.ofSeconds(delay).minusMillis(1));
            assertThat(takeSent()).isEmpty();
            loop.advance(Duration.ofMillis(1));
            assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        }
    }

    /** Its answer to a probe may have been overtaken by the presence of one who came since. */
    @Test
    void thatNobodyIsThereCountsOnlyWhereAllComesHereInItsOrder() {
        subscribed();
        receive("", A);
        receive("unavailable", TARGET);
        assertThat(pool.size()).isZero();
        TargetSubscription oneOfSeveral = new TargetSubscription(
                ProxyFixture.settings(Path.of("unused"))
                        .with(RequestKeys.PENDING, PendingKind.CLUSTER)
                        .with(ClusterKeys.STREAMS, ClusterStreams.ALL),
                loop,
                pool,
                this,
                (type, to) -> sent.add(type + ">" + to));
        oneOfSeveral.streamReady();
        oneOfSeveral.receive(new TargetPresence("subscribed", TARGET, null, 0, null));
        oneOfSeveral.receive(new TargetPresence("", A, null, 0, null));
        oneOfSeveral.receive(new TargetPresence("unavailable", TARGET, null, 0, null));
        assertThat(pool.size()).isEqualTo(1);
        oneOfSeveral.receive(new TargetPresence("unavailable", A, null, 0, null));
        assertThat(pool.size()).isZero();
    }

    @Test
    void asksAtOnceAndFastWherePresencesMayHaveGoneAstray() {
        subscription.askAgain();
        assertThat(takeSent()).as("there is no stream").isEmpty();
        subscription.streamReady();
        loop.advance(Duration.ofSeconds(20));
        takeSent();
        subscription.askAgain();
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        loop.advance(Duration.ofSeconds(1));
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
        receive("", A);
        subscription.askAgain();
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example", "probe>worker@some.example");
        receive("unsubscribed", TARGET);
        subscription.askAgain();
        assertThat(takeSent()).as("it is denied").isEmpty();
    }

    @Test
    void asksSlowlyAfterADenial() {
        subscription.streamReady();
        takeSent();
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            receive("unsubscribed", TARGET);
            loop.advance(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(takeSent()).isEmpty();
            loop.advance(Duration.ofMillis(1));
            assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        }
    }

    @Test
    void believesNoSubscribedThatItDidNotAskFor() {
        subscription.streamReady();
        receive("unsubscribed", TARGET);
        takeSent();
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
    }

    @Test
    void confirmsWithTheFirstAnswerToTheProbe() {
        subscription.streamReady();
        receive("", A);
        assertThat(heard).isEmpty();
        receive("subscribed", TARGET);
        assertThat(pool.isConfirmed()).isFalse();
        receive("", A);
        assertThat(heard).containsExactly("confirmed");
        assertThat(pool.isConfirmed()).isTrue();
    }

    @Test
    void confirmsWhenTheTimeIsOver() {
        subscription.streamReady();
        loop.advance(Duration.ofSeconds(3));
        assertThat(heard).containsExactly("confirmed");
    }

    @Test
    void forgetsAfterABreakWhoDoesNotShowUp() {
        subscribed();
        receive("", A);
        receive("", B);
        subscription.streamDown();
        heard.clear();
        assertThat(pool.isConfirmed()).isFalse();
        assertThat(pool.size()).isZero();
        subscribed();
        receive("", B);
        assertThat(heard).containsExactly("confirmed");
        loop.advance(Duration.ofSeconds(3));
        assertThat(heard).containsExactly("confirmed", "left a");
        assertThat(pool.all()).extracting(PooledResource::jid).containsExactly(B);
    }

    @Test
    void takesUnavailableOfTheAccountForAnAnswerOnlyWhereSubscribed() {
        subscription.streamReady();
        receive("", A);
        receive("unavailable", TARGET);
        assertThat(pool.size()).isOne();
        receive("subscribed", TARGET);
        receive("unavailable", TARGET);
        assertThat(pool.size()).isZero();
        assertThat(heard).containsExactly("left a", "confirmed");
    }

    @Test
    void probesWhenALeaveCrossesAnArrival() {
        subscribed();
        receive("", A);
        loop.advance(Duration.ofSeconds(1));
        receive("unavailable", A);
        assertThat(pool.size()).isZero();
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
        receive("", A);
        loop.advance(Duration.ofSeconds(5));
        receive("unavailable", A);
        assertThat(takeSent()).isEmpty();
    }

    @Test
    void keepsOneEntryForOneResource() {
        subscribed();
        receive("", A);
        receive("", A);
        subscription.receive(new TargetPresence("", A, "dnd", -5, null));
        assertThat(pool.size()).isOne();
        assertThat(pool.find(A).show()).isEqualTo("dnd");
        assertThat(pool.find(A).priority()).isEqualTo(-5);
    }

    @Test
    void dropsOneForItsErrorAndAllForTheAccounts() {
        subscribed();
        receive("", A);
        receive("", B);
        heard.clear();
        receive("error", A);
        assertThat(heard).containsExactly("left a keep");
        assertThat(pool.all()).extracting(PooledResource::jid).containsExactly(B);
        receive("error", TARGET);
        assertThat(heard).containsExactly("left a keep", "left b keep");
    }

    @Test
    void forgetsAllWhenRevokedAndAsksAgain() {
        subscribed();
        receive("", A);
        heard.clear();
        receive("unsubscribed", TARGET);
        assertThat(heard).containsExactly("left a keep");
        takeSent();
        loop.advance(Duration.ofSeconds(60));
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
    }

    @Test
    void asksAgainWhileNobodyIsThereAndEveryTenMinutes() {
        subscribed();
        receive("unavailable", TARGET);
        takeSent();
        loop.advance(Duration.ofSeconds(60));
        assertThat(takeSent()).contains("subscribe>worker@some.example");
        receive("subscribed", TARGET);
        receive("", A);
        takeSent();
        receive("subscribed", TARGET);
        loop.advance(Duration.ofMinutes(10));
        assertThat(takeSent()).contains("subscribe>worker@some.example");
        receive("subscribed", TARGET);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
    }

    @Test
    void letsTheTargetSeeWhoItIs() {
        subscribed();
        receive("subscribe", TARGET);
        receive("probe", A);
        receive("unsubscribe", TARGET);
        assertThat(takeSent())
                .containsExactly(
                        "subscribed>worker@some.example",
                        ">worker@some.example",
                        ">worker@some.example/a",
                        "unavailable>worker@some.example");
    }

    @Test
    void leavesNoTimerBehind() {
        subscribed();
        receive("", A);
        subscription.streamDown();
        assertThat(loop.timers()).isZero();
        subscribed();
        subscription.stop();
        assertThat(loop.timers()).isZero();
        assertThat(takeSent()).containsExactly("unavailable>worker@some.example");
    }

    @Test
    void staysSlowAfterADenialThatNobodyFollowsUp() {
        subscription.streamReady();
        receive("unsubscribed", TARGET);
        takeSent();
        for (int minutes : new int[] {1, 2, 4, 8, 16, 32, 60, 60}) {
            loop.advance(Duration.ofMinutes(minutes).minusMillis(1));
            assertThat(takeSent()).isEmpty();
            loop.advance(Duration.ofMillis(1));
            assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
        }
    }

    @Test
    void staysSlowAfterAnErrorOfTheAccount() {
        subscription.streamReady();
        receive("error", TARGET);
        takeSent();
        loop.advance(Duration.ofSeconds(179));
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
    }

    @Test
    void isNotPutOffByRepeatedDenials() {
        subscription.streamReady();
        takeSent();
        for (int i = 0; i < 12; i++) {
            receive("unsubscribed", TARGET);
            loop.advance(Duration.ofSeconds(5));
        }
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
    }

    @Test
    void keepsThePaceWhenOneSessionAnswersWithAnError() {
        subscription.streamReady();
        receive("", A);
        takeSent();
        receive("error", A);
        loop.advance(Duration.ofSeconds(1));
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example");
    }

    @Test
    void probesSeldomWhenManyLeaveAtOnce() {
        subscribed();
        List<Jid> there = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            there.add(Jid.parse("worker@some.example/r" + i));
            receive("", there.get(i));
        }
        int probes = 0;
        while (!there.isEmpty()) {
            receive("unavailable", there.remove(0));
            loop.advance(Duration.ofMillis(30));
            if (takeSent().contains("probe>worker@some.example")) {
                probes++;
                there.forEach(jid -> receive("", jid));
            }
        }
        assertThat(probes).isBetween(1, 4);
        loop.advance(Duration.ofSeconds(2));
        assertThat(pool.size()).isZero();
    }

    @Test
    void probesTwiceAtMostForASessionThatHidesFromIt() {
        subscribed();
        receive("", A);
        receive("unavailable", A);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
        // The first time it may be a session that was replaced just then.
        receive("", A);
        receive("unavailable", A);
        loop.advance(Duration.ofMillis(1500));
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
        receive("", A);
        receive("unavailable", A);
        loop.advance(Duration.ofSeconds(5));
        assertThat(takeSent()).isEmpty();
        assertThat(pool.size()).isZero();
    }

    @Test
    void looksAgainForASessionThatCrossesShortlyAfterAProbe() {
        subscribed();
        receive("", A);
        receive("unavailable", A);
        loop.advance(Duration.ofMillis(500));
        receive("", B);
        receive("unavailable", B);
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
        loop.advance(Duration.ofSeconds(1));
        assertThat(takeSent()).containsExactly("probe>worker@some.example");
    }

    @Test
    void asksOnceForASubscribedThatItDidNotAskForWhileSubscribed() {
        subscribed();
        receive("", A);
        for (int i = 0; i < 5; i++) {
            receive("subscribed", TARGET);
            receive("subscribed", TARGET);
        }
        assertThat(takeSent()).containsExactly("subscribe>worker@some.example", "probe>worker@some.example");
    }

    @Test
    void saysNothingAnyMoreOnceStopped() {
        subscribed();
        subscription.stop();
        takeSent();
        receive("probe", A);
        receive("subscribe", TARGET);
        receive("subscribed", TARGET);
        loop.advance(Duration.ofHours(2));
        assertThat(takeSent()).isEmpty();
    }
}
