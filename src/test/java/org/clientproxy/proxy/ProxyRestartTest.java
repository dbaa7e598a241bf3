package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import ch.qos.logback.classic.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.scenarios.CapturedLog;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of pending requests when the process is killed, with {@code proxy.pending=file}. */
class ProxyRestartTest {
    private static final Duration SOON = Duration.ofSeconds(1);

    @TempDir
    Path directory;

    private final List<ProxyFixture> started = new ArrayList<>();
    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        started.forEach(ProxyFixture::close);
    }

    private static UnaryOperator<ProxySettings> file(UnaryOperator<SettingsBuilder> change) {
        return settings -> change.apply(new SettingsBuilder(settings).pending(PendingKind.FILE))
                .build();
    }

    private void start(UnaryOperator<SettingsBuilder> change, String... resources) throws Exception {
        proxy = ProxyFixture.start(Files.createDirectory(directory.resolve("0")), file(change));
        started.add(proxy);
        proxy.ready(resources);
    }

    /** The process is killed, and so long after it the next one runs, without a stream yet. */
    private void killAndStart(Duration down, UnaryOperator<SettingsBuilder> change) throws Exception {
        Path next = Files.createDirectory(directory.resolve("" + started.size()));
        proxy = proxy.killedAndStarted(next, down, file(change));
        started.add(proxy);
        proxy.loop.runDue();
    }

    private void killAndStart(Duration down) throws Exception {
        killAndStart(down, settings -> settings);
    }

    private Stanza asked(String requester, String id) {
        proxy.get(requester, id);
        return proxy.onlySent();
    }

    @Test
    void passesAnOwedReplyOnOnceAfterARestart() throws Exception {
        start(s -> s, A);
        proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='node@proxy.example/x'>"
                + "<q xmlns='urn:q' a='&quot;'>ä</q></iq>");
        Stanza forwarded = proxy.onlySent();
        killAndStart(SOON);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.ready(A);
        proxy.result(forwarded);
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.from()).isEqualTo("node@proxy.example/x");
        assertThat(answer.id()).isEqualTo("1");
        proxy.result(forwarded);
        proxy.pass(Duration.ofSeconds(100));
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    /** Else the log would count one who never came. */
    @Test
    void saysOfEachResourceThatItCameOfOneFromBeforeTheCrashToo() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        killAndStart(SOON);
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            proxy.ready(A, B);
            assertThat(log.events())
                    .anyMatch(line -> line.contains(A + " came; 1 resource is there now"))
                    .anyMatch(line -> line.contains(B + " came; 2 resources are there now"));
        }
        assertThat(proxy.proxy.poolSize()).isEqualTo(2);
        // A stream that broke is no reason to say it again.
        proxy.stream().become(StreamState.DISCONNECTED);
        try (CapturedLog log = CapturedLog.ofUs(Level.INFO)) {
            proxy.ready(A, B);
            assertThat(log.events()).noneMatch(line -> line.contains(" came; "));
        }
    }

    @Test
    void passesAnOwedReplyOnWhoseResourceIsNotSeenYet() throws Exception {
        start(s -> s, A);
        Stanza forwarded = asked(ALICE, "1");
        killAndStart(SOON);
        proxy.stream().become(StreamState.READY);
        proxy.stream().takeSent();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void dropsWhatNobodyAskedFor() throws Exception {
        start(s -> s, A, B);
        Stanza forwarded = asked(ALICE, "1");
        Stanza answered = asked(BOB, "2");
        proxy.result(answered);
        assertThat(proxy.onlySent().to()).isEqualTo(BOB);
        killAndStart(SOON);
        proxy.ready(A, B);
        proxy.result(answered);
        proxy.result(forwarded.readdressed(forwarded.fromJid(), forwarded.toJid(), "other"));
        proxy.result(forwarded.readdressed(forwarded.fromJid(), Jid.parse(A.equals(forwarded.to()) ? B : A), "1"));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void tellsOfWhatExpiredMeanwhileOnceTheStreamIsReady() throws Exception {
        start(s -> s, A);
        Stanza forwarded = asked(ALICE, "1");
        killAndStart(Duration.ofSeconds(61));
        proxy.pass(Duration.ofSeconds(10));
        assertThat(proxy.stream().takeSent()).isEmpty();
        proxy.ready(A);
        proxy.pass(SOON);
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        proxy.result(forwarded);
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void keepsTheDeadlineOverRestarts() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        proxy.pass(Duration.ofSeconds(20));
        killAndStart(Duration.ofSeconds(10));
        proxy.ready(A);
        proxy.pass(Duration.ofSeconds(10));
        killAndStart(Duration.ofSeconds(10));
        proxy.ready(A);
        proxy.pass(Duration.ofSeconds(8));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(4));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void waitsNoLongerThanTheReplyTimeoutWhenTheClockWasSetBack() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        killAndStart(Duration.ofDays(-1));
        proxy.ready(A);
        proxy.pass(Duration.ofSeconds(62));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void triesAGetAgainWhoseResourceDidNotComeBack() throws Exception {
        start(s -> s, A);
        Stanza first = asked(ALICE, "1");
        killAndStart(SOON);
        proxy.ready(B);
        // The time for presences, then the grace.
        proxy.pass(Duration.ofMillis(5200));
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isEqualTo(B);
        assertThat(second.content()).isEqualTo(first.content());
        assertThat(second.from()).isEqualTo(first.from());
        killAndStart(SOON);
        proxy.ready(B);
        proxy.result(first);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(second);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void countsTheAttemptsOfEarlierRuns() throws Exception {
        start(s -> s, A, B);
        Stanza first = asked(ALICE, "1");
        proxy.leaves(first.to());
        proxy.pass(Duration.ofSeconds(3));
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isNotEqualTo(first.to());
        killAndStart(SOON);
        proxy.ready(first.to());
        proxy.pass(Duration.ofMillis(5200));
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void doesNotRepeatASetThatMayHaveBeenCarriedOut() throws Exception {
        start(s -> s, A);
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        killAndStart(SOON);
        proxy.ready(A, B);
        proxy.leaves(A);
        proxy.error(forwarded, "service-unavailable");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void sendsWhatWaitedForThePool() throws Exception {
        start(s -> s, A);
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        proxy.stream().takeSent();
        proxy.get(ALICE, "1");
        proxy.get(BOB, "2");
        assertThat(proxy.sent()).isEmpty();
        killAndStart(SOON);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(2);
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        List<Stanza> forwarded = proxy.sent();
        assertThat(forwarded).extracting(Stanza::id).containsExactlyInAnyOrder("1", "2");
        forwarded.forEach(proxy::result);
        assertThat(proxy.sent()).extracting(Stanza::to).containsExactlyInAnyOrder(ALICE, BOB);
    }

    @Test
    void givesAnAnswerThatWasNotWrittenBeforeTheCrashAsATimeout() throws Exception {
        start(s -> s, A);
        Stanza forwarded = asked(ALICE, "1");
        proxy.result(forwarded);
        // Killed with the answer in the outbox.
        killAndStart(Duration.ofSeconds(70));
        proxy.ready(A);
        proxy.pass(SOON);
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void givesNoSecondAnswerToWhatWasAnsweredBeforeTheCrash() throws Exception {
        start(s -> s, A);
        Stanza forwarded = asked(ALICE, "1");
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        killAndStart(Duration.ofSeconds(70));
        assertThat(proxy.proxy.pendingRequests()).isZero();
        proxy.ready(A);
        proxy.result(forwarded);
        proxy.pass(SOON);
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void countsWhatWasLoadedInTheLimits() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        Stanza ofBob = asked(BOB, "2");
        killAndStart(SOON, s -> s.maxPending(2).maxPendingPerRequester(1));
        proxy.ready(A);
        proxy.get(ALICE, "3");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.get("carol@third.example/x", "4");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.result(ofBob);
        proxy.sent();
        assertThat(asked(BOB, "5").to()).isEqualTo(A);
    }

    @Test
    void givesAnIdThatIsOpenFromBeforeTheCrashNoSecondTime() throws Exception {
        start(s -> s, A);
        Stanza first = asked(ALICE, "1");
        killAndStart(SOON);
        proxy.ready(A);
        Stanza second = asked(ALICE, "1");
        assertThat(second.id()).isNotEqualTo("1");
        proxy.result(first);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
        proxy.result(second);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
    }

    @Test
    void leavesNothingBehindAfterAGracefulStop() throws Exception {
        start(s -> s.drainTimeout(Duration.ofSeconds(1)), A);
        Stanza forwarded = asked(ALICE, "1");
        proxy.get(BOB, "2");
        proxy.result(forwarded);
        Thread stopper = new Thread(proxy.context::stop, "stop");
        stopper.start();
        List<Stanza> sent = new ArrayList<>();
        while (stopper.isAlive()) {
            proxy.loop.advance(Duration.ofMillis(100));
            // The server reads what is written.
            synchronized (proxy.loop) {
                sent.addAll(proxy.sent());
            }
            Thread.onSpinWait();
        }
        assertThat(sent).anyMatch(stanza -> BOB.equals(stanza.to()) && "error".equals(stanza.type()));
        try (Stream<Path> files = Files.list(directory.resolve("0/proxy.pending"))) {
            assertThat(files).extracting(file -> file.getFileName().toString()).containsExactly("lock");
        }
    }

    @Test
    void leavesWhatAStopCouldNotAnswerToTheNextStart() throws Exception {
        start(s -> s.drainTimeout(Duration.ZERO), A);
        asked(ALICE, "1");
        // The stream is down, so the answer that the stop gives cannot be written.
        proxy.close();
        killAndStart(Duration.ofSeconds(70));
        proxy.ready(A);
        proxy.pass(SOON);
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void refusesWhatItCannotRecordUntilThereIsRoomAgain() throws Exception {
        start(s -> s, A, B);
        Path pending = directory.resolve("0/proxy.pending");
        Path away = Files.move(pending, directory.resolve("away"));
        proxy.get(ALICE, "1");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        proxy.get(ALICE, "2");
        assertError(proxy.onlySent(), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        assertThat(proxy.proxy.pendingRequests()).isZero();
        Files.move(away, pending);
        proxy.pass(SOON);
        Stanza forwarded = asked(ALICE, "3");
        assertThat(forwarded.type()).isEqualTo("get");
        killAndStart(SOON);
        proxy.ready(A, B);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().id()).isEqualTo("3");
    }

    @Test
    void answersARetryThatCannotBeRecorded() throws Exception {
        start(s -> s, A, B);
        proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='proxy.example'><q xmlns='urn:q'>"
                + "x".repeat(500 * 1024) + "</q></iq>");
        Stanza forwarded = proxy.onlySent();
        // Further ones of that size need a file each.
        for (int i = 2; i < 9; i++) {
            proxy.receive("<iq type='get' id='" + i + "' from='bob" + i
                    + "@other.example/phone' to='proxy.example'><q xmlns='urn:q'>"
                    + "x".repeat(500 * 1024) + "</q></iq>");
        }
        proxy.sent();
        Path pending = directory.resolve("0/proxy.pending");
        Path away = Files.move(pending, directory.resolve("away"));
        proxy.leaves(forwarded.to());
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent())
                .filteredOn(stanza -> ALICE.equals(stanza.to()))
                .singleElement()
                .satisfies(answer -> {
                    assertError(answer, Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
                });
        Files.move(away, pending);
        killAndStart(Duration.ofSeconds(70));
        proxy.ready(A, B);
        proxy.pass(SOON);
        assertThat(proxy.sent()).noneMatch(stanza -> ALICE.equals(stanza.to()));
    }

    @Test
    void refusesASecondProxyInItsDirectory() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        Path data = directory.resolve("0");
        assertThat(data.resolve("proxy.pending")).isDirectory();
        assertThatThrownBy(() -> ProxyFixture.start(data, file(s -> s)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("" + data.resolve("proxy.pending"))
                .hasMessageContaining("in use by another process")
                .hasMessageContaining("proxy.data-dir");
    }

    @Test
    void doesNotStartOnRequestsToAnotherProxyHost() throws Exception {
        start(s -> s, A);
        asked(ALICE, "1");
        assertThatThrownBy(() -> killAndStart(SOON, s -> s.domain(Jid.parse("elsewhere.example"))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("proxy.example")
                .hasMessageContaining("elsewhere.example");
    }
}
