package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A resource whose requests time out, in the whole proxy: what it costs, what is not its fault, and what an operator sees. */
class EjectedResourceTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    Path dataDir;

    private int serial;

    private static ProxySettings settings(ProxySettings defaults) {
        return defaults.with(RequestKeys.REPLY_TIMEOUT, TIMEOUT);
    }

    private ProxyFixture start() throws Exception {
        return ProxyFixture.start(dataDir, EjectedResourceTest::settings);
    }

    private String get(ProxyFixture proxy) {
        String id = "r" + serial++;
        proxy.get(ProxyFixture.ALICE, id);
        return id;
    }

    private static boolean isPing(Stanza stanza) {
        return new String(stanza.content(), StandardCharsets.UTF_8).equals("<ping xmlns='urn:xmpp:ping'/>");
    }

    /** A gets five requests and does not answer one; B gets the others, and does. */
    private void hang(ProxyFixture proxy) {
        for (int i = 0; i < 10; i++) {
            get(proxy);
            Stanza request = proxy.onlySent();
            if (request.to().equals(ProxyFixture.B)) {
                proxy.result(request);
            } else {
                proxy.pass(TIMEOUT.plusMillis(100));
            }
            assertThat(proxy.onlySent().to()).isEqualTo(ProxyFixture.ALICE);
        }
    }

    private static int size(ProxyFixture proxy) {
        return proxy.proxy.poolSize();
    }

    private static ProxyStatus.Resource status(ProxyFixture proxy, String resource) {
        CompletableFuture<ProxyStatus> status = proxy.proxy.status().toCompletableFuture();
        proxy.loop.runDue();
        return status.join().resources().stream()
                .filter(each -> each.jid().equals(Jid.parse(resource)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void whoHangsCostsFiveTimeOutsAndNothingAfterThat() throws Exception {
        try (ProxyFixture proxy = start();
                CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            hang(proxy);
            assertThat(size(proxy)).isOne();
            for (int i = 0; i < 100; i++) {
                get(proxy);
                for (Stanza sent : proxy.sent()) {
                    assertThat(sent.to().equals(ProxyFixture.B) || isPing(sent)).isTrue();
                    if (!isPing(sent)) {
                        proxy.result(sent);
                    }
                }
                proxy.pass(Duration.ofSeconds(1));
                assertThat(proxy.sent())
                        .allMatch(sent -> isPing(sent)
                                || "result".equals(sent.type()) && sent.to().equals(ProxyFixture.ALICE));
            }
            assertThat(log.events())
                    .filteredOn(line -> line.contains("/a gets"))
                    .hasSize(1);
            assertThat(proxy.proxy.ejections()).isOne();
            assertThat(proxy.proxy.ejectedResources()).isOne();
        }
    }

    @Test
    void anAnswerToThePingBringsItBack() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            hang(proxy);
            assertThat(status(proxy, ProxyFixture.A))
                    .returns(false, ProxyStatus.Resource::available)
                    .returns(5, ProxyStatus.Resource::timeouts)
                    .satisfies(a -> assertThat(a.ejected()).startsWith("5 requests in a row timed out; ping in "));
            proxy.pass(Duration.ofSeconds(30));
            Stanza ping = proxy.onlySent();
            assertThat(ping.to()).isEqualTo(ProxyFixture.A);
            assertThat(ping.from()).isEqualTo(ProxyFixture.PROXY);
            assertThat(isPing(ping)).isTrue();
            // Of another resource it is none.
            proxy.receive(
                    "<iq type='result' id='" + ping.id() + "' from='" + ProxyFixture.B + "' to='proxy.example'/>");
            assertThat(size(proxy)).isOne();
            proxy.result(ping);
            proxy.loop.runDue();
            assertThat(size(proxy)).isEqualTo(2);
            assertThat(status(proxy, ProxyFixture.A).ejected()).isNull();
        }
    }

    @Test
    void whatIsPendingAtItStaysAndItsReplyIsPassedOn() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            for (int i = 0; i < 10; i++) {
                get(proxy);
            }
            proxy.sent().stream()
                    .filter(request -> request.to().equals(ProxyFixture.B))
                    .forEach(proxy::result);
            proxy.pass(Duration.ofSeconds(5));
            get(proxy);
            get(proxy);
            Stanza late = proxy.sent().stream()
                    .filter(request -> request.to().equals(ProxyFixture.A))
                    .findFirst()
                    .orElseThrow();
            proxy.pass(Duration.ofSeconds(6));
            assertThat(size(proxy)).isOne();
            proxy.sent();
            proxy.result(late);
            assertThat(proxy.onlySent().type()).isEqualTo("result");
        }
    }

    @Test
    void anOperatorsRestoreBringsItBackAtOnce() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            hang(proxy);
            CompletableFuture<Boolean> there =
                    proxy.proxy.restore(Jid.parse(ProxyFixture.A)).toCompletableFuture();
            proxy.loop.runDue();
            assertThat(there.join()).isTrue();
            assertThat(size(proxy)).isEqualTo(2);
            assertThat(status(proxy, ProxyFixture.A).timeouts()).isZero();
        }
    }

    /** Their replies may have been lost with the stream. */
    @Test
    void anOperatorsRestoreBringsNobodyElseBack() throws Exception {
        String c = "worker@some.example/c";
        String d = "worker@some.example/d";
        try (ProxyFixture proxy =
                ProxyFixture.start(dataDir, defaults -> settings(defaults).with(WorkerKeys.EJECT_AFTER, 1))) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B, c, d);
            for (int i = 0; i < 4; i++) {
                get(proxy);
                Stanza request = proxy.onlySent();
                if (List.of(c, d).contains(request.to())) {
                    proxy.result(request);
                    proxy.sent();
                }
                // So A is out for longer than B.
                proxy.pass(Duration.ofSeconds(1));
            }
            proxy.pass(TIMEOUT);
            assertThat(proxy.proxy.ejectedResources()).isEqualTo(2);
            // C alone is left in the choice, and of those who are out A alone counts.
            proxy.proxy.retire(Jid.parse(ProxyFixture.B));
            proxy.proxy.retire(Jid.parse(d));
            proxy.loop.runDue();
            proxy.proxy.restore(Jid.parse(ProxyFixture.B));
            proxy.loop.runDue();
            assertThat(status(proxy, ProxyFixture.B).available()).isTrue();
            assertThat(status(proxy, ProxyFixture.A).available()).isFalse();
        }
    }

    @Test
    void nobodyIsBlamedForWhatWasPendingWhenTheStreamBroke() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            for (int i = 0; i < 20; i++) {
                get(proxy);
            }
            proxy.pass(Duration.ofSeconds(1));
            proxy.stream().become(StreamState.DISCONNECTED);
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            proxy.pass(TIMEOUT);
            assertThat(proxy.sent()).hasSize(20).allMatch(answer -> answer.to().equals(ProxyFixture.ALICE));
            assertThat(size(proxy)).isEqualTo(2);
            assertThat(status(proxy, ProxyFixture.A).timeouts()).isZero();
        }
    }

    /** Nor for what an earlier process sent. */
    @Test
    void nobodyIsBlamedForWhatWasPendingWhenTheProxyWasKilled(@TempDir Path next) throws Exception {
        try (ProxyFixture proxy = ProxyFixture.start(
                dataDir, defaults -> settings(defaults).with(RequestKeys.PENDING, PendingKind.FILE))) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            for (int i = 0; i < 20; i++) {
                get(proxy);
            }
            proxy.sent();
            try (ProxyFixture restarted = proxy.killedAndStarted(
                    next, Duration.ofSeconds(1), defaults -> settings(defaults.with(RequestKeys.DATA_DIR, next))
                            .with(RequestKeys.PENDING, PendingKind.FILE))) {
                restarted.ready(ProxyFixture.A, ProxyFixture.B);
                restarted.pass(TIMEOUT.plusSeconds(1));
                assertThat(restarted.sent()).hasSize(20).allMatch(answer -> answer.to()
                        .equals(ProxyFixture.ALICE));
                assertThat(size(restarted)).isEqualTo(2);
            }
        }
    }

    @Test
    void whoIsEjectedStaysSoOverABreakAndARequestWaitsForTheOthers() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A, ProxyFixture.B);
            hang(proxy);
            proxy.stream().become(StreamState.DISCONNECTED);
            proxy.ready(ProxyFixture.A);
            get(proxy);
            assertThat(proxy.sent()).as("b has had no time to show up").isEmpty();
            proxy.comes(ProxyFixture.B);
            proxy.loop.runDue();
            assertThat(proxy.onlySent().to()).isEqualTo(ProxyFixture.B);
            proxy.stream().become(StreamState.DISCONNECTED);
            proxy.ready(ProxyFixture.A);
            String waits = get(proxy);
            assertThat(proxy.sent()).isEmpty();
            proxy.pass(Duration.ofSeconds(3));
            assertThat(proxy.sent())
                    .as("b has not come: nobody is refused")
                    .anyMatch(request -> request.to().equals(ProxyFixture.A) && waits.equals(request.id()));
        }
    }

    @Test
    void pendingRequestsOfWhoSetsDndHaveNoGrace() throws Exception {
        try (ProxyFixture proxy = start()) {
            proxy.ready(ProxyFixture.A);
            get(proxy);
            Stanza first = proxy.onlySent();
            proxy.receive("<presence from='" + ProxyFixture.A + "' to='proxy.example'><show>dnd</show></presence>");
            assertThat(status(proxy, ProxyFixture.A))
                    .returns(true, ProxyStatus.Resource::available)
                    .returns(true, ProxyStatus.Resource::avoided);
            get(proxy);
            assertThat(proxy.onlySent().to()).as("a lone one serves").isEqualTo(ProxyFixture.A);
            proxy.comes(ProxyFixture.B);
            for (int i = 0; i < 4; i++) {
                get(proxy);
            }
            List<Stanza> others = proxy.sent();
            assertThat(others).hasSize(4).allMatch(request -> request.to().equals(ProxyFixture.B));
            others.forEach(proxy::result);
            proxy.pass(Duration.ofSeconds(5));
            proxy.sent();
            proxy.result(first);
            assertThat(proxy.onlySent().type()).isEqualTo("result");
        }
    }
}
