package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.journal.StoreFiles;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start over more requests than may be pending, or whose time is over: each is told once, none fills the memory. */
class OverlargeRestartTest {
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

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(Files.createDirectory(directory.resolve("0")), file(change));
        started.add(proxy);
        proxy.ready(A);
    }

    private void killAndStart(Duration down, UnaryOperator<SettingsBuilder> change) throws Exception {
        Path next = Files.createDirectory(directory.resolve("" + started.size()));
        proxy = proxy.killedAndStarted(next, down, file(change));
        started.add(proxy);
        proxy.loop.runDue();
    }

    private List<String> files() throws Exception {
        return StoreFiles.names(directory.resolve(started.size() - 1 + "/proxy.pending"));
    }

    /** So many requests are forwarded to the only resource, and none is answered. */
    private List<Stanza> forwarded(int count, int payload) {
        for (int i = 0; i < count; i++) {
            proxy.receive("<iq type='set' id='r" + i + "' from='u" + i + "@some.example/home' to='proxy.example'><q"
                    + " xmlns='urn:q'>" + "x".repeat(payload) + "</q></iq>");
        }
        List<Stanza> forwarded = proxy.sent();
        assertThat(forwarded).hasSize(count);
        return forwarded;
    }

    /** All that is sent until nothing more is, by its id; each of them once. */
    private Map<String, Stanza> told() {
        Map<String, Stanza> told = new HashMap<>();
        for (int quiet = 0; quiet < 5; ) {
            proxy.pass(Duration.ofMillis(20));
            List<Stanza> sent = proxy.sent();
            quiet = sent.isEmpty() ? quiet + 1 : 0;
            sent.forEach(answer -> assertThat(told.put(answer.id(), answer)).isNull());
        }
        return told;
    }

    @Test
    void takesUpTheLatestThatThereIsRoomForAndTellsTheOthers() throws Exception {
        start(s -> s);
        List<Stanza> forwarded = forwarded(20, 10);
        killAndStart(SOON, s -> s.maxPending(5));
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(5);
        assertThat(told()).isEmpty();
        proxy.ready(A);
        Map<String, Stanza> told = told();
        assertThat(told).hasSize(15);
        told.values().forEach(answer -> {
            assertError(answer, Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
            assertThat(answer.toXml()).contains("<not-taken-up").doesNotContain("urn:q");
        });
        // A reply that comes all the same is dropped, and those that are pending get theirs.
        forwarded.forEach(proxy::result);
        assertThat(proxy.sent())
                .hasSize(5)
                .allSatisfy(answer -> assertThat(answer.type()).isEqualTo("result"))
                .extracting(Stanza::id)
                .containsExactlyInAnyOrder("r15", "r16", "r17", "r18", "r19");
        killAndStart(SOON, s -> s);
        assertThat(proxy.proxy.pendingRequests()).isZero();
        proxy.ready(A);
        assertThat(told()).isEmpty();
    }

    @Test
    void takesUpNoMoreThanTheMemoryForPendingRequests() throws Exception {
        start(s -> s);
        forwarded(20, 50_000);
        killAndStart(SOON, s -> s.maxPendingSize(400_000));
        assertThat(proxy.proxy.pendingRequests()).isBetween(3, 8);
        int taken = proxy.proxy.pendingRequests();
        proxy.ready(A);
        assertThat(told()).hasSize(20 - taken);
    }

    @Test
    void tellsOfWhatHasExpiredFromTheFilesAndGivesThemBack() throws Exception {
        start(s -> s);
        forwarded(1000, 5000);
        assertThat(files()).hasSizeGreaterThan(1);
        killAndStart(Duration.ofSeconds(70), s -> s);
        assertThat(proxy.proxy.pendingRequests()).isZero();
        proxy.ready(A);
        Map<String, Stanza> told = told();
        assertThat(told).hasSize(1000);
        told.values().forEach(answer -> assertError(answer, Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT));
        assertThat(files()).noneMatch(name -> name.endsWith(".pending"));
    }

    @Test
    void tellsInPortionsAndNoMoreThanTheStreamTakes() throws Exception {
        start(s -> s);
        forwarded(1000, 10);
        killAndStart(Duration.ofSeconds(70), s -> s);
        proxy.ready(A);
        // The socket takes nothing: no further portion is made.
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        int[] waiting = new int[1];
        proxy.stream().witness((stanza, refused) -> waiting[0] += stanza.isReply() ? 1 : 0);
        proxy.pass(Duration.ofSeconds(10));
        assertThat(waiting[0]).isEqualTo(PendingRequests.BATCH);
        assertThat(told()).hasSize(1000);
    }

    @Test
    void goesOnAfterTheStreamBrokeAndAfterTheNextCrash() throws Exception {
        start(s -> s);
        forwarded(1000, 10);
        killAndStart(Duration.ofSeconds(70), s -> s);
        proxy.stream().become(StreamState.READY);
        proxy.pass(Duration.ofMillis(1));
        int told = proxy.sent().size();
        assertThat(told).isEqualTo(PendingRequests.BATCH);
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(SOON);
        proxy.stream().become(StreamState.READY);
        proxy.pass(Duration.ofMillis(1));
        told += proxy.sent().size();
        killAndStart(SOON, s -> s);
        proxy.ready(A);
        assertThat(told()).hasSize(1000 - told);
    }

    @Test
    void doesNotAccumulateOverStartsThatTellNobody() throws Exception {
        start(s -> s);
        forwarded(200, 10_000);
        List<String> before = files();
        for (int i = 0; i < 5; i++) {
            killAndStart(SOON, s -> s.maxPending(5));
            assertThat(files()).isSubsetOf(before);
        }
        proxy.ready(A);
        assertThat(told()).hasSize(195);
    }

    @Test
    void doesNotLetALateReplyAnswerASuccessor() throws Exception {
        start(s -> s);
        List<Stanza> forwarded = forwarded(3, 10);
        killAndStart(SOON, s -> s.maxPending(1));
        proxy.ready(A);
        assertThat(told()).hasSize(2);
        proxy.result(forwarded.get(2));
        assertThat(proxy.onlySent().id()).isEqualTo("r2");
        proxy.set("u0@some.example/home", "r0");
        assertThat(proxy.sent()).singleElement().satisfies(again -> assertThat(again.id())
                .isNotEqualTo("r0"));
        proxy.result(forwarded.get(0));
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void sendsNothingOnThatIsOnlyToBeTold() throws Exception {
        start(s -> s);
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.stream().become(StreamState.READY);
        proxy.stream().takeSent();
        for (int i = 0; i < 10; i++) {
            proxy.get(ALICE, "w" + i);
        }
        killAndStart(SOON, s -> s.maxPending(2));
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(2);
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.pass(SOON);
        List<Stanza> sent = proxy.sent();
        assertThat(sent).filteredOn(stanza -> "error".equals(stanza.type())).hasSize(8);
        assertThat(sent).filteredOn(Stanza::isRequest).hasSize(2).allSatisfy(request -> assertThat(request.toXml())
                .contains("<query"));
    }

    @Test
    void leavesWhatIsNotToldUntilAStopToTheNextStart() throws Exception {
        start(s -> s);
        forwarded(600, 10);
        killAndStart(Duration.ofSeconds(70), s -> s);
        proxy.stream().become(StreamState.READY);
        proxy.pass(Duration.ofMillis(1));
        int told = proxy.sent().size();
        proxy.close();
        killAndStart(SOON, s -> s);
        proxy.ready(A);
        assertThat(told()).hasSize(600 - told);
    }

    @Test
    void readsWhatBecameLargerByDeclarationsOfTheServer() throws Exception {
        start(s -> s);
        StringBuilder attributes = new StringBuilder();
        for (int i = 0; i < 250; i++) {
            attributes.append(" a").append(i).append("='\"'");
        }
        for (int i = 0; i < 100; i++) {
            attributes.append(" xmlns:p").append(i).append("='u'");
        }
        proxy.receive("<iq type='get' id='1' from='" + ALICE + "' to='proxy.example'" + attributes
                + "><q xmlns='urn:q'/></iq>");
        Stanza forwarded = proxy.onlySent();
        killAndStart(SOON, s -> s);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.ready(A);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }
}
