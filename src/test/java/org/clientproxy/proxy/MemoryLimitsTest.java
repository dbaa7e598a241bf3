package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.clientproxy.proxy.pending.CorrelationKey;
import org.clientproxy.proxy.pending.PendingRequests;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is pending is limited by the memory that it takes: {@code proxy.max-pending-size}. */
class MemoryLimitsTest {
    private static final int PAYLOAD = 250 * 1024;

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private PendingRequests pending;
    private int serial;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(
                dataDir, settings -> change.apply(new SettingsBuilder(settings)).build());
        proxy.ready(A, B);
        pending = proxy.pendingRequests();
    }

    /** A request with so large a payload; gives what came of it. */
    private Stanza ask(String requester, int payload) {
        return ask(requester, "i" + serial++, payload);
    }

    private Stanza ask(String requester, String id, int payload) {
        proxy.receive("<iq type='get' id='" + id + "' from='" + requester + "' to='proxy.example'><q xmlns='urn:q'>"
                + "x".repeat(payload) + "</q></iq>");
        return proxy.onlySent();
    }

    /** Asks until it is refused, with each account once or more; gives what was forwarded, the refusal last. */
    private List<Stanza> fill(String accounts, int payload) {
        List<Stanza> forwarded = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            Stanza came = ask(accounts.replace("#", "" + i), payload);
            forwarded.add(came);
            if (!came.isRequest()) {
                return forwarded;
            }
        }
        throw new AssertionError("nothing was refused");
    }

    private static void assertRefused(Stanza answer, String condition) {
        ProxyRequestsTest.assertError(answer, Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        assertThat(answer.toXml()).contains("<" + condition + " ").contains("xml:lang='en'");
    }

    private static Stanza last(List<Stanza> all) {
        return all.get(all.size() - 1);
    }

    @Test
    void anAccountHasOfTheMemoryThePartThatItHasOfTheNumber() throws Exception {
        start(s -> s.maxPendingSize(20 << 20).maxPending(100).maxPendingPerRequester(20));
        List<Stanza> ofAlice = fill("alice@some.example/#", PAYLOAD);
        assertThat(ofAlice).as("4 MiB").hasSize(16 + 1);
        assertRefused(last(ofAlice), "too-much-pending-of-requester");
        assertThat(ask(BOB, PAYLOAD).isRequest()).as("others have theirs").isTrue();
        proxy.result(ofAlice.get(0));
        proxy.sent();
        assertThat(ask(ALICE, PAYLOAD).isRequest())
                .as("there is room after an answer")
                .isTrue();
    }

    @Test
    void oneRequestOfTheLargestSizeIsNeverTooMuchForAnAccount() throws Exception {
        start(s -> s.maxPendingSize(20 << 20));
        assertThat(ask(ALICE, 500 * 1024).isRequest()).isTrue();
        assertRefused(ask(ALICE, 500 * 1024), "too-much-pending-of-requester");
    }

    @ParameterizedTest
    @ValueSource(strings = {"r#@d#.example/x", "r#@some.example/x", "some#.example"})
    void nobodyTogetherTakesMoreThanTheLimit(String accounts) throws Exception {
        long limit = 16 << 20;
        start(s -> s.maxPendingSize(limit));
        List<Stanza> forwarded = fill(accounts, PAYLOAD);
        assertThat(pending.octets()).isBetween(limit * 14 / 16, limit);
        for (Stanza each : forwarded.subList(0, forwarded.size() - 1)) {
            proxy.result(each);
        }
        assertThat(pending.octets()).isZero();
        ModelLeaks.check(pending);
    }

    @Test
    void whatIsTooMuchForEverybodyIsRefusedToo() throws Exception {
        start(s -> s.maxPendingSize(100_000));
        assertRefused(ask(ALICE, 200_000), "too-much-pending");
        assertThat(ask(ALICE, 50_000).isRequest()).isTrue();
    }

    @Test
    void aDomainThatTakesAllItCanLeavesRoomForTheNext() throws Exception {
        start(s -> s.maxPendingSize(32 << 20));
        assertRefused(last(fill("r#@evil.example/x", PAYLOAD)), "too-much-pending-of-domain");
        assertThat(ask(ALICE, PAYLOAD).isRequest()).isTrue();
        assertThat(ask(BOB, PAYLOAD).isRequest()).isTrue();
    }

    @Test
    void countsMoreThanThePayload() throws Exception {
        start(s -> s);
        String longest = "\u05d0".repeat(511);
        ask(longest + "@some.example/" + longest, 0);
        assertThat(pending.octets())
                .as("address, account and key, two octets for each of these characters")
                .isBetween(5_000L, 12_000L);
        long before = pending.octets();
        ask(ALICE, 0);
        assertThat(pending.octets() - before).isBetween(600L, 1_500L);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "\u20ac"})
    void aLongIdIsKeptOnceAndRestored(String first) throws Exception {
        start(s -> s);
        String id = first + "x".repeat(400_000);
        Stanza forwarded = ask(ALICE, id, 10);
        assertThat(forwarded.id()).matches("[0-9a-f]{32}");
        long perCharacter = first.equals("x") ? 1 : 2;
        assertThat(pending.octets()).isBetween(400_000 * perCharacter, 400_000 * perCharacter + 3_000);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.onlySent().id()).isEqualTo(id);
        Stanza again = ask(BOB, id, 10);
        proxy.result(again);
        assertThat(proxy.onlySent().id()).isEqualTo(id);
    }

    @Test
    void anIdOfUsualLengthStays() throws Exception {
        start(s -> s);
        String id = "\u20ac" + "x".repeat(CorrelationKey.LONGEST_ID - 1);
        assertThat(ask(ALICE, id, 10).id()).isEqualTo(id);
        assertThat(ask(ALICE, id + "x", 10).id()).isNotEqualTo(id + "x");
    }

    @Test
    void whatWaitsForThePoolOrTheGateCountsToo() throws Exception {
        proxy = ProxyFixture.start(
                dataDir, s -> new SettingsBuilder(s).maxPendingSize(1 << 20).build());
        pending = proxy.pendingRequests();
        proxy.stream().become(org.clientproxy.stream.StreamState.READY);
        proxy.sent();
        for (int i = 0; i < 10; i++) {
            proxy.receive("<iq type='get' id='1' from='r" + i + "@some.example/x' to='proxy.example'>"
                    + "<q xmlns='urn:q'>" + "x".repeat(PAYLOAD) + "</q></iq>");
        }
        assertThat(pending.octets()).isBetween(3L * PAYLOAD, 1L << 20);
        assertThat(proxy.sent()).hasSizeGreaterThanOrEqualTo(6).allMatch(answer -> "error".equals(answer.type()));
    }

    @Test
    void aBounceThatIsTooMuchToKeepIsNotWaitedFor() throws Exception {
        start(s -> s.maxPendingSize(1_000_000));
        Stanza first = ask(ALICE, 10);
        Stanza second = ask(BOB, 10);
        bounce(first, 500_000);
        assertThat(pending.octets()).isGreaterThan(500_000);
        bounce(second, 520_000);
        proxy.pass(Duration.ofMillis(50));
        assertThat(proxy.onlySent().to()).isEqualTo(BOB);
        proxy.pass(Duration.ofMillis(200));
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        ModelLeaks.check(pending);
    }

    private void bounce(Stanza request, int payload) {
        proxy.receive("<iq type='error' id='" + request.id() + "' from='" + request.to() + "' to='" + request.from()
                + "'><q xmlns='urn:q'>" + "x".repeat(payload) + "</q><error type='cancel'>"
                + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
    }

    @Test
    void whatEndsStaysPendingWhileTheStreamHasTooMuchToWrite() throws Exception {
        start(s -> s);
        for (int i = 0; i < 1000; i++) {
            proxy.get("r" + i + "@some.example/x", "i");
        }
        proxy.sent();
        proxy.stream().congest(true);
        proxy.leaves(A);
        proxy.pass(Duration.ofSeconds(61));
        assertThat(proxy.sent()).isEmpty();
        assertThat(pending.size()).isEqualTo(1000);
        proxy.stream().congest(false);
        proxy.pass(Duration.ofSeconds(1));
        assertThat(proxy.sent()).hasSize(1000);
        ModelLeaks.check(pending);
    }
}
