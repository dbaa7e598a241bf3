package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.pending.PendingShares;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More requests than can be served: refused fairly, and ended in portions. */
class OverloadTest {
    private static final String NORMAL = "alice@some.example/home";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        proxy.loop.watch(() -> {});
        proxy.close();
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(
                dataDir, settings -> change.apply(new SettingsBuilder(settings)).build());
        proxy.ready(A);
    }

    /**
     * The resource serves ten requests a step, in their order; each flooder sends twenty and the normal requester one.
     *
     * @param maxPending the limit of all
     * @param maxPendingPerRequester the limit of one account
     * @param flooders accounts, each with a new resource for every request
     */
    @ParameterizedTest
    @CsvSource({"100000,1000,1", "400,1000,1", "400,400,1", "400,100000,5"})
    void aNormalRequesterLosesNothingBesideFlooders(int maxPending, int maxPendingPerRequester, int flooders)
            throws Exception {
        start(s -> s.maxPending(maxPending).maxPendingPerRequester(maxPendingPerRequester));
        ArrayDeque<Stanza> work = new ArrayDeque<>();
        Map<String, Integer> outcomes = new HashMap<>();
        int steps = 300;
        for (int step = 0; step < steps + 200; step++) {
            if (step < steps) {
                for (int flooder = 0; flooder < flooders; flooder++) {
                    for (int i = 0; i < 20; i++) {
                        proxy.get("flooder" + flooder + "@evil.example/" + step + "-" + i, "f" + step + "-" + i);
                    }
                }
                proxy.get(NORMAL, "n" + step);
            }
            take(work, outcomes);
            for (int i = 0; i < 10 && !work.isEmpty(); i++) {
                proxy.result(work.remove());
            }
            take(work, outcomes);
            proxy.pass(Duration.ofMillis(100));
        }
        assertThat(outcomes.get("flooder error")).isPositive();
        assertThat(outcomes.get("flooder result")).isPositive();
        assertThat(outcomes.get("normal result")).isEqualTo(steps);
        assertThat(outcomes).doesNotContainKey("normal error");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    /** Sorts what was sent: forwarded requests to the resource's work, answers by whose they are. */
    private void take(ArrayDeque<Stanza> work, Map<String, Integer> outcomes) {
        for (Stanza sent : proxy.sent()) {
            if (sent.isRequest()) {
                work.add(sent);
            } else {
                String who = NORMAL.equals(sent.to()) ? "normal " : "flooder ";
                outcomes.merge(who + sent.type(), 1, Integer::sum);
            }
        }
    }

    @Test
    void oneAccountNeverHoldsNearlyAllPlacesButMayHoldAFew() throws Exception {
        start(s -> s.maxPending(100).maxPendingPerRequester(100));
        for (int i = 0; i < 100; i++) {
            proxy.get(NORMAL, "n" + i);
        }
        assertThat(proxy.sent().stream().filter(Stanza::isRequest)).hasSize(51);
        for (int i = 0; i < PendingShares.FEW; i++) {
            proxy.get("bob@other.example/" + i, "b" + i);
        }
        assertThat(proxy.sent()).hasSize(PendingShares.FEW).allMatch(Stanza::isRequest);
    }

    @Test
    void whoHoldsFewIsRefusedOnlyWhenNothingIsFree() throws Exception {
        start(s -> s.maxPending(PendingShares.FEW).maxPendingPerRequester(100));
        for (int i = 0; i < PendingShares.FEW; i++) {
            proxy.get(NORMAL, "n" + i);
        }
        assertThat(proxy.sent()).hasSize(PendingShares.FEW).allMatch(Stanza::isRequest);
        proxy.get("bob@other.example/phone", "b");
        ProxyRequestsTest.assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
    }

    @ParameterizedTest
    @CsvSource({"expired", "gone", "confirmed"})
    void manyEndingsCostTheLoopAtMostOnePortionPerTask(String cause) throws Exception {
        int all = 10_000;
        start(s -> s.maxPending(all + 1).maxPendingPerRequester(all + 1));
        if (cause.equals("confirmed")) {
            proxy.stream().become(StreamState.DISCONNECTED);
            proxy.stream().become(StreamState.READY);
            proxy.stream().takeSent();
        }
        for (int i = 0; i < all; i++) {
            proxy.set("r" + i % 1000 + "@some.example/x", "i" + i);
            proxy.stream().takeSent();
        }
        assertThat(proxy.proxy.pendingRequests()).isPositive();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        proxy.loop.watch(() -> {
            int now = (int) proxy.stream().takeSent().stream()
                    .filter(stanza -> stanza.kind() == Stanza.Kind.IQ)
                    .count();
            most.accumulateAndGet(now, Math::max);
            ended.addAndGet(now);
        });
        if (cause.equals("gone")) {
            long before = proxy.loop.timersSet();
            proxy.leaves(A);
            assertThat(proxy.loop.timersSet() - before)
                    .as("one timer for all that have the same new deadline")
                    .isLessThan(10);
        }
        proxy.pass(Duration.ofSeconds(cause.equals("expired") ? 61 : 4));
        assertThat(most.get()).isLessThanOrEqualTo(PendingRequests.BATCH);
        assertThat(ended.get()).isGreaterThan(all / 3);
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }
}
