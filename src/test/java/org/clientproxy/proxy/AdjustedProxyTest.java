package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.ConfigKeys;
import org.clientproxy.proxy.settings.Effect;
import org.clientproxy.proxy.settings.PoolKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.RetrySet;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.SelectionPolicy;
import org.clientproxy.proxy.settings.ServerKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.stream.StreamSettings;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A running proxy is given other settings: what holds at once, what at the next connection, and what it refuses. */
class AdjustedProxyTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private ProxySettings settings;

    @BeforeEach
    void start() throws Exception {
        settings = ProxyFixture.settings(dataDir);
        proxy = ProxyFixture.start(dataDir).ready(A, B);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void adjust(UnaryOperator<ProxySettings> change) {
        settings = change.apply(settings);
        proxy.proxy.adjust(settings);
        proxy.loop.runDue();
    }

    private <T> void adjust(ConfigKey<T> key, T value) {
        adjust(before -> before.with(key, value));
    }

    @Test
    void lowerLimitsRefuseWhatComesAndSpareWhatIsThere() {
        for (int i = 0; i < 20; i++) {
            proxy.get(ALICE, "a" + i);
        }
        List<Stanza> forwarded = proxy.sent();
        adjust(RequestKeys.MAX_PENDING_PER_REQUESTER, 18);
        proxy.get(ALICE, "more");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        forwarded.forEach(proxy::result);
        assertThat(proxy.sent()).hasSize(20).allMatch(answer -> "result".equals(answer.type()));
        proxy.get(ALICE, "again");
        assertThat(proxy.onlySent().to()).startsWith("worker@");
        adjust(RequestKeys.MAX_PENDING, 1);
        proxy.get(BOB, "more");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        adjust(RequestKeys.MAX_PENDING, 2);
        proxy.get(BOB, "more");
        assertThat(proxy.onlySent().to()).startsWith("worker@");
    }

    @Test
    void memoryIsLimitedAnew() {
        adjust(RequestKeys.MAX_PENDING_SIZE, 10L);
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        adjust(RequestKeys.MAX_PENDING_SIZE, 64L << 20);
        proxy.get(ALICE, "1");
        assertThat(proxy.onlySent().to()).startsWith("worker@");
    }

    @Test
    void aTimeHoldsForRequestsThatComeThen() {
        proxy.get(ALICE, "before");
        adjust(RequestKeys.REPLY_TIMEOUT, Duration.ofSeconds(5));
        proxy.get(ALICE, "after");
        proxy.sent();
        proxy.pass(Duration.ofSeconds(6));
        Stanza expired = proxy.onlySent();
        assertThat(expired.id()).isEqualTo("after");
        assertError(expired, Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        proxy.pass(Duration.ofSeconds(55));
        assertThat(proxy.onlySent().id()).isEqualTo("before");
    }

    @Test
    void whoMayAskIsAskedOfTheNewLists() {
        adjust(RouteKeys.DENY, List.of(Jid.parse("alice@some.example")));
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.FORBIDDEN, StanzaError.Type.AUTH);
        adjust(before ->
                before.with(RouteKeys.DENY, List.of()).with(RouteKeys.ALLOW, List.of(Jid.parse("some.example"))));
        proxy.get(ALICE, "2");
        assertThat(proxy.onlySent().to()).startsWith("worker@");
        proxy.get(BOB, "1");
        assertError(proxy.onlySent(), Condition.FORBIDDEN, StanzaError.Type.AUTH);
    }

    @Test
    void aRequestThatIsPendingIsTriedByTheNewRules() {
        adjust(before -> before.with(RequestKeys.ATTEMPTS, 1));
        proxy.get(ALICE, "get");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(forwarded.to());
        proxy.error(forwarded, "service-unavailable");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        proxy.comes(forwarded.to());
        proxy.sent();
        adjust(before -> before.with(RequestKeys.ATTEMPTS, 2).with(WorkerKeys.RETRY_SET, RetrySet.NEVER));
        proxy.set(ALICE, "set");
        Stanza set = proxy.onlySent();
        adjust(WorkerKeys.RETRY_SET, RetrySet.ALWAYS);
        proxy.leaves(set.to());
        proxy.error(set, "service-unavailable");
        assertThat(proxy.onlySent().to()).startsWith("worker@").isNotEqualTo(set.to());
    }

    @Test
    void aGraceThatBeginsThenIsAsLongAsIsSaid() {
        adjust(PoolKeys.LEAVE_GRACE, Duration.ofSeconds(10));
        proxy.set(ALICE, "1");
        proxy.leaves(proxy.onlySent().to());
        proxy.pass(Duration.ofSeconds(9));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void thePoolIsAwaitedAsLongAsIsSaidThen() {
        adjust(PoolKeys.CONFIRM_TIMEOUT, Duration.ofSeconds(20));
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(19));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void theChoiceFollowsTheNewPolicy() {
        Set<String> chosen = new HashSet<>();
        for (int i = 0; i < 4; i++) {
            proxy.get(ALICE, "turn" + i);
            chosen.add(proxy.onlySent().to());
        }
        assertThat(chosen).containsExactlyInAnyOrder(A, B);
        adjust(PoolKeys.SELECTION, SelectionPolicy.STICKY);
        chosen.clear();
        for (int i = 0; i < 4; i++) {
            proxy.get(ALICE, "stuck" + i);
            chosen.add(proxy.onlySent().to());
        }
        assertThat(chosen).hasSize(1);
    }

    @Test
    void whoIsNoImplementingClientAnyMoreAnswersWhatItHas() {
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        List<Stanza> forwarded = proxy.sent();
        adjust(PoolKeys.RESOURCES, List.of("b"));
        assertThat(proxy.proxy.poolSize()).isOne();
        forwarded.forEach(proxy::result);
        assertThat(proxy.sent()).hasSize(2).allMatch(answer -> "result".equals(answer.type()));
        for (int i = 3; i < 8; i++) {
            proxy.get(ALICE, "" + i);
            assertThat(proxy.onlySent().to()).isEqualTo(B);
        }
        // Only its presence tells that the other one is there, so it is asked for.
        adjust(PoolKeys.RESOURCES, List.of());
        assertThat(proxy.sentPresences()).extracting(Stanza::type).containsExactly("probe");
        proxy.comes(A);
        assertThat(proxy.proxy.poolSize()).isEqualTo(2);
    }

    @Test
    void theNextConnectionIsMadeByTheNewSettings() {
        assertThat(proxy.stream().source.get().secret()).isEqualTo("secret");
        adjust(before -> before.with(ServerKeys.SECRET, "an0ther")
                .with(ServerKeys.KEEP_ALIVE, Duration.ofSeconds(7))
                .with(ServerKeys.RECONNECT_MAX, Duration.ofSeconds(8))
                .with(ServerKeys.CONNECT_TIMEOUT, Duration.ofSeconds(9)));
        StreamSettings next = proxy.stream().source.get();
        assertThat(next.secret()).isEqualTo("an0ther");
        assertThat(next.keepAlive()).hasSeconds(7);
        assertThat(next.reconnectMax()).hasSeconds(8);
        assertThat(next.connectTimeout()).hasSeconds(9);
        // The present one is good.
        assertThat(proxy.stream().reconnects).isZero();
        proxy.stream().become(StreamState.DISCONNECTED);
        adjust(ServerKeys.SECRET, "third");
        assertThat(proxy.stream().reconnects).isOne();
    }

    @Test
    void whatIsBuiltInIsRefusedAndNothingChanges() {
        ProxySettings other = settings.with(RequestKeys.MAX_PENDING, 1).with(RouteKeys.ACCEPT, "false()");
        assertThatThrownBy(() -> proxy.proxy.adjust(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("by a restart of the proxy: proxy.accept")
                .hasMessageNotContaining("secret");
        proxy.loop.runDue();
        proxy.get(ALICE, "1");
        proxy.get(BOB, "1");
        assertThat(proxy.sent()).hasSize(2).allMatch(stanza -> stanza.to().startsWith("worker@"));
    }

    /** Whoever adds a key decides when an edit of it takes effect; what holds at once is shown above or beside its part. */
    @Test
    void theKeysThatNeedARestartAreThese() {
        assertThat(ConfigKeys.all())
                .filteredOn(key -> key.effect() == Effect.RESTART)
                .extracting(ConfigKey::key)
                .containsExactlyInAnyOrder(
                        "xmpp.host",
                        "xmpp.port",
                        "xmpp.max-stanza-size",
                        "proxy.domain",
                        "proxy.target",
                        "proxy.subscribe",
                        "proxy.pending",
                        "proxy.data-dir",
                        "proxy.features",
                        "proxy.presence",
                        "proxy.accept",
                        "proxy.encoded-from",
                        "proxy.jat-key",
                        "proxy.routes",
                        "proxy.cluster.node",
                        "proxy.cluster.nodes",
                        "proxy.cluster.bind",
                        "proxy.cluster.streams",
                        "proxy.cluster.lone",
                        "proxy.cluster.silent-after",
                        "proxy.cluster.secret",
                        "proxy.cluster.stack");
    }
}
