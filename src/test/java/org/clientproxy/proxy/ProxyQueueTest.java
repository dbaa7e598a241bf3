package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.QueueCounters.Refusal;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Resources that take so many requests at a time, and the queue for them. */
class ProxyQueueTest {
    private static final Duration QUEUE = Duration.ofSeconds(20);

    @TempDir
    Path dataDir;

    @TempDir
    Path nextDataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.close();
    }

    /** Each resource has so many requests at a time, and as many as that may wait. */
    private void start(int perResource, Duration queue, int maxQueued, String... resources) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> settings.with(WorkerKeys.MAX_PENDING_PER_RESOURCE, perResource)
                .with(WorkerKeys.QUEUE_TIMEOUT, queue)
                .with(WorkerKeys.MAX_QUEUED, maxQueued));
        proxy.ready(resources);
    }

    private void comes(String resource, int capacity) {
        proxy.receive("<presence from='" + resource + "' to='proxy.example'>"
                + "<capacity xmlns='urn:clientproxy:pool:0' max='" + capacity + "'/></presence>");
    }

    private List<String> sentIds() {
        return proxy.sent().stream().map(Stanza::id).toList();
    }

    private void assertRefused(String condition) {
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("error");
        assertThat(ModelReply.application(answer)).isEqualTo(condition);
    }

    private long refusals(Refusal reason) {
        return proxy.proxy.queueCounters().refusals(reason);
    }

    @Test
    void whoIsFullIsNotAskedAndWithoutAQueueTheRequesterHearsSoAtOnce() throws Exception {
        start(1, Duration.ZERO, 100, A, B);
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        assertThat(proxy.sent()).extracting(Stanza::to).containsExactlyInAnyOrder(A, B);
        proxy.get(ALICE, "3");
        assertRefused("all-busy");
        assertThat(refusals(Refusal.ALL_BUSY)).isEqualTo(1);
        proxy.leaves(A);
        proxy.leaves(B);
        proxy.pass(Duration.ofSeconds(10));
        proxy.sent();
        proxy.get(ALICE, "4");
        assertRefused("no-resource");
        assertThat(refusals(Refusal.NO_RESOURCE)).isEqualTo(1);
    }

    @Test
    void aReplyGivesItsPlaceToTheNextInOrderOfArrival() throws Exception {
        start(1, QUEUE, 100, A);
        for (int i = 1; i <= 5; i++) {
            proxy.get(ALICE, "" + i);
        }
        List<String> order = new ArrayList<>();
        for (int i = 1; i <= 5; i++) {
            Stanza forwarded = proxy.sent().get(i == 1 ? 0 : 1);
            order.add(forwarded.id());
            proxy.result(forwarded);
        }
        assertThat(order).containsExactly("1", "2", "3", "4", "5");
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        assertThat(proxy.proxy.queuedRequests()).isZero();
        assertThat(proxy.proxy.queueCounters().waits().counts()).contains(4);
    }

    /** Both are read in one go: the reply to this one, and the request 3 of another one. */
    private void receiveReplyAndRequest(Stanza answered, String requester) {
        proxy.stream()
                .receiveTogether(
                        answered.result(""),
                        StanzaXml.parse("<iq type='get' id='3' from='" + requester
                                + "' to='proxy.example'><query xmlns='urn:example:q'/></iq>"));
    }

    @Test
    void whoComesWhenAPlaceGetsFreeIsBehindThoseWhoWait() throws Exception {
        start(1, QUEUE, 100, A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.get(ALICE, "2");
        receiveReplyAndRequest(first, BOB);
        assertThat(sentIds()).containsExactly("1", "2");
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(1);
    }

    @Test
    void whoIsBehindThoseWhoWaitIsHeldByNobodyYet() throws Exception {
        String user = whomTheHashSendsToB();
        startSticky(1, A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.get(BOB, "2");
        receiveReplyAndRequest(first, user);
        List<Stanza> atA = proxy.sent();
        assertThat(atA).extracting(Stanza::id).containsExactly("1", "2");
        proxy.comes(B);
        Stanza atB = proxy.onlySent();
        assertThat(atB.to()).isEqualTo(B);
        proxy.result(atA.get(1));
        proxy.result(atB);
        proxy.sent();
        // Of the two the hash prefers the one that has had the request.
        proxy.get(user, "4");
        assertThat(proxy.onlySent().to()).isEqualTo(B);
    }

    private void startSticky(int perResource, String... resources) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> settings.with(PoolKeys.SELECTION, SelectionPolicy.STICKY)
                .with(WorkerKeys.MAX_PENDING_PER_RESOURCE, perResource)
                .with(WorkerKeys.QUEUE_TIMEOUT, QUEUE));
        proxy.ready(resources);
    }

    private String whomTheHashSendsToB() throws Exception {
        startSticky(0, A, B);
        try (ProxyFixture alone = proxy) {
            for (int i = 0; ; i++) {
                String user = "user" + i + "@some.example/x";
                alone.get(user, "" + i);
                if (B.equals(alone.onlySent().to())) {
                    return user;
                }
            }
        }
    }

    @Test
    void oneWhoFloodsWaitsBehindHimself() throws Exception {
        start(1, QUEUE, 1000, A);
        for (int i = 0; i < 50; i++) {
            proxy.get(ALICE, "a" + i);
        }
        Stanza at = proxy.onlySent();
        List<String> order = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            proxy.get(BOB, "b" + i);
            for (int served = 0; served < 2; served++) {
                proxy.result(at);
                at = proxy.sent().stream().filter(Stanza::isRequest).findFirst().orElseThrow();
                order.add(at.id());
            }
        }
        assertThat(order).filteredOn(id -> id.startsWith("b")).containsExactly("b0", "b1", "b2", "b3", "b4");
    }

    @Test
    void aSessionSaysInItsPresenceHowManyItTakes() throws Exception {
        start(0, QUEUE, 100);
        comes(A, 2);
        for (int i = 1; i <= 5; i++) {
            proxy.get(ALICE, "" + i);
        }
        assertThat(sentIds()).containsExactly("1", "2");
        comes(A, 3);
        assertThat(sentIds()).containsExactly("3");
        comes(A, 1);
        assertThat(sentIds()).isEmpty();
        // Without one it takes any number.
        proxy.comes(A);
        assertThat(sentIds()).containsExactly("4", "5");
    }

    @Test
    void thePresenceCannotAskForMoreThanTheOperatorAllows() throws Exception {
        start(2, QUEUE, 100);
        comes(A, 50);
        comes(B, 1);
        for (int i = 1; i <= 10; i++) {
            proxy.get(ALICE, "" + i);
        }
        assertThat(proxy.sent()).extracting(Stanza::to).containsExactlyInAnyOrder(A, A, B);
    }

    @Test
    void whoWaitedInVainHearsWhetherSomebodyWasThere() throws Exception {
        start(1, QUEUE, 100, A);
        proxy.set(ALICE, "1");
        proxy.sent();
        proxy.get(BOB, "2");
        proxy.pass(QUEUE.minusSeconds(1));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertRefused("all-busy");
        proxy.leaves(A);
        proxy.pass(Duration.ofSeconds(5));
        proxy.sent();
        proxy.get(BOB, "3");
        proxy.pass(QUEUE.plusSeconds(1));
        assertRefused("no-resource");
    }

    @Test
    void whoWaitsUpToItsDeadlineHearsTheSame() throws Exception {
        start(1, Duration.ofMinutes(10), 100, A);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(10));
        proxy.get(BOB, "2");
        proxy.sent();
        proxy.receive("<presence from='" + A + "' to='proxy.example' type='unavailable'/>");
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.sent())
                .extracting(ModelReply::application)
                .containsExactlyInAnyOrder("resource-gone", "no-resource");
    }

    @Test
    void whatMayNotWaitAnyMoreIsRefused() throws Exception {
        start(1, QUEUE, 2, A);
        for (int i = 1; i <= 3; i++) {
            proxy.get(ALICE, "" + i);
        }
        assertThat(sentIds()).containsExactly("1");
        proxy.get(BOB, "4");
        assertRefused("too-many-queued");
        assertThat(refusals(Refusal.TOO_MANY_QUEUED)).isEqualTo(1);
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(2);
    }

    @Test
    void oneAccountDoesNotFillTheQueue() throws Exception {
        start(1, QUEUE, 100, A);
        for (int i = 0; i < 200; i++) {
            proxy.get(ALICE, "a" + i);
        }
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(51);
        proxy.sent();
        proxy.get(BOB, "b");
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(52);
    }

    @Test
    void whoComesReturnsOrIsRestoredServesTheQueue() throws Exception {
        start(1, QUEUE, 100);
        for (int i = 1; i <= 4; i++) {
            proxy.get(ALICE, "" + i);
        }
        proxy.comes(A);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
        proxy.loop.runDue();
        proxy.proxy.retire(Jid.parse(B));
        proxy.comes(B);
        assertThat(proxy.onlySent().id()).isEqualTo("2");
        proxy.proxy.retire(Jid.parse(A));
        proxy.loop.runDue();
        proxy.get(BOB, "5");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes("worker@some.example/c");
        assertThat(proxy.onlySent().id()).isEqualTo("3");
    }

    @Test
    void aRestoredResourceServesTheQueue() throws Exception {
        start(1, QUEUE, 100, A);
        proxy.proxy.retire(Jid.parse(A));
        proxy.loop.runDue();
        proxy.get(ALICE, "1");
        assertThat(proxy.sent()).isEmpty();
        proxy.proxy.restore(Jid.parse(A));
        proxy.loop.runDue();
        assertThat(proxy.onlySent().id()).isEqualTo("1");
    }

    @Test
    void whatIsTriedAgainWaitsToo() throws Exception {
        start(1, QUEUE, 100, A, B);
        proxy.get(ALICE, "1");
        proxy.get(BOB, "2");
        List<Stanza> both = proxy.sent();
        proxy.pass(Duration.ofSeconds(5));
        String left = both.get(0).to();
        proxy.leaves(left);
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(1);
        proxy.result(both.get(1));
        List<Stanza> sent = proxy.sent();
        assertThat(sent).extracting(Stanza::id).containsExactly("2", "1");
        assertThat(sent.get(1).to()).isEqualTo(both.get(1).to());
    }

    @Test
    void whileItIsNotKnownWhoIsThereNobodyIsRefused() throws Exception {
        start(1, Duration.ofSeconds(1), 100, A);
        proxy.get(ALICE, "1");
        proxy.get(BOB, "2");
        proxy.sent();
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(Duration.ofSeconds(30));
        assertThat(proxy.sent()).isEmpty();
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(A);
        assertRefused("all-busy");
    }

    @Test
    void manyWhoWaitAreServedAndNoneIsWokenInVain() throws Exception {
        start(1, QUEUE, 100_000, A);
        int many = 3000;
        for (int i = 0; i < many; i++) {
            proxy.get("user" + i + "@some.example/x", "" + i);
        }
        Stanza at = proxy.onlySent();
        Set<String> served = new HashSet<>();
        long timers = proxy.loop.timersSet();
        for (int i = 0; i < many; i++) {
            assertThat(served.add(at.id())).isTrue();
            proxy.result(at);
            List<Stanza> sent = proxy.sent();
            assertThat(sent).hasSize(i == many - 1 ? 1 : 2);
            at = sent.get(sent.size() - 1);
        }
        assertThat(served).hasSize(many);
        assertThat(proxy.loop.timersSet() - timers).isLessThan(3L * many);
    }

    @Test
    void afterAKillEachOfAFullQueueIsAnsweredOnce() throws Exception {
        UnaryOperator<ProxySettings> settings = each -> each.with(RequestKeys.PENDING, PendingKind.FILE)
                .with(WorkerKeys.MAX_PENDING_PER_RESOURCE, 1)
                .with(WorkerKeys.QUEUE_TIMEOUT, QUEUE)
                .with(WorkerKeys.MAX_QUEUED, 40);
        ProxyFixture killed = ProxyFixture.start(dataDir, settings);
        killed.ready(A);
        for (int i = 0; i < 60; i++) {
            killed.get("user" + i % 5 + "@some.example/x", "" + i);
        }
        List<String> answered = new ArrayList<>();
        Stanza at = null;
        for (Stanza sent : killed.sent()) {
            if (sent.isRequest()) {
                at = sent;
            } else {
                answered.add(sent.id());
            }
        }
        assertThat(answered).hasSize(19);
        proxy = killed.killedAndStarted(nextDataDir, Duration.ofSeconds(1), each -> settings.apply(each)
                .with(RequestKeys.DATA_DIR, nextDataDir));
        killed.close();
        proxy.loop.runDue();
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(41);
        assertThat(proxy.proxy.queuedRequests()).isEqualTo(40);
        proxy.ready(A);
        // The one that was there before the kill counts there still.
        assertThat(proxy.sent()).isEmpty();
        while (at != null) {
            proxy.result(at);
            at = null;
            for (Stanza sent : proxy.sent()) {
                if (sent.isRequest()) {
                    at = sent;
                } else {
                    answered.add(sent.id());
                }
            }
        }
        assertThat(answered).hasSize(60).doesNotHaveDuplicates();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }
}
