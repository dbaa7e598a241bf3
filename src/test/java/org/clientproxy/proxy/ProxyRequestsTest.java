package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exactly one answer, whatever happens: DESIGN tables of stanzas, endings and failover, through the real routes. */
public class ProxyRequestsTest {
    @TempDir
    Path dataDir;

    private ProxyFixture proxy;

    @BeforeEach
    void start() throws Exception {
        proxy = ProxyFixture.start(dataDir);
    }

    @AfterEach
    void stop() {
        proxy.close();
    }

    public static void assertError(Stanza answer, Condition condition, StanzaError.Type type) {
        assertThat(answer.type()).isEqualTo("error");
        StanzaError error = StanzaXml.errorOf(answer);
        assertThat(error).isNotNull();
        assertThat(error.condition()).isEqualTo(condition);
        assertThat(error.type()).isEqualTo(type);
    }

    @Test
    void translatesAllFourLegs() {
        proxy.ready(A);
        proxy.receive("<iq xml:lang='he' type='get' id='1234' from='" + ALICE + "' to='proxy.example' x:a='1' "
                + "xmlns:x='urn:x'><q xmlns='urn:q'>&amp;<b xmlns=''/></q></iq>");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.to()).isEqualTo(A);
        assertThat(forwarded.from()).startsWith("proxy.example/").doesNotContain("alice");
        assertThat(forwarded.id()).isEqualTo("1234");
        assertThat(forwarded.type()).isEqualTo("get");
        assertThat(forwarded.attribute("xml:lang")).isEqualTo("he");
        assertThat(forwarded.attribute("x:a")).isEqualTo("1");
        assertThat(forwarded.content()).asString().isEqualTo("<q xmlns='urn:q'>&amp;<b xmlns=''/></q>");
        proxy.receive("<iq type='result' id='1234' from='" + A + "' to='" + forwarded.from() + "'><r xmlns='u'/></iq>");
        Stanza answer = proxy.onlySent();
        assertThat(answer.from()).isEqualTo("proxy.example");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.id()).isEqualTo("1234");
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.attribute("xml:lang")).isNull();
        assertThat(answer.content()).asString().isEqualTo("<r xmlns='u'/>");
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void answersFromExactlyTheAddressUsed() {
        proxy.ready(A);
        for (String address :
                List.of("node@proxy.example", "proxy.example/res", "Node@PROXY.example/r/s", "PROXY.EXAMPLE")) {
            proxy.receive("<iq type='set' id='1' from='" + ALICE + "' to='" + address + "'><q xmlns='urn:q'/></iq>");
            proxy.result(proxy.onlySent());
            Stanza answer = proxy.onlySent();
            assertThat(answer.from()).isEqualTo(address);
            assertThat(answer.to()).isEqualTo(ALICE);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u05d0\u05d1@some.example/\u05d2\u05d3 mixed \u0661",
                "a@some.example/\ud83d\udc2b",
                "a@some.example/it's &quot;q&quot; &lt;&amp;&gt;",
                "a@some.example/b/c@d",
                "some.example",
                "some.example/service",
                "LONG"
            })
    void answersRequestersOfAnyAddress(String address) {
        proxy.ready(A);
        String requester =
                address.equals("LONG") ? "l".repeat(1023) + "@" + "d".repeat(1023) + "/" + "r".repeat(1023) : address;
        proxy.get(requester.replace("'", "&apos;"), "1");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.from()).matches("proxy.example/[A-Za-z0-9_-]{1,1023}");
        proxy.result(forwarded);
        String plain = requester
                .replace("&quot;", "\"")
                .replace("&lt;", "<")
                .replace("&gt;", ">")
                .replace("&amp;", "&");
        assertThat(proxy.onlySent().to()).isEqualTo(plain);
    }

    @Test
    void keepsRequestersWithOneIdApart() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        proxy.get(BOB, "1");
        proxy.get(ALICE, "1");
        List<Stanza> forwarded = proxy.sent();
        assertThat(forwarded).hasSize(3);
        assertThat(forwarded.get(0).id()).isEqualTo("1");
        assertThat(forwarded.get(1).id()).isEqualTo("1");
        assertThat(forwarded.get(2).id()).isNotEqualTo("1").hasSize(32);
        assertThat(forwarded.get(2).from()).isEqualTo(forwarded.get(0).from());
        proxy.result(forwarded.get(2));
        assertThat(proxy.onlySent()).matches(answer -> ALICE.equals(answer.to()) && "1".equals(answer.id()));
        proxy.result(forwarded.get(1));
        assertThat(proxy.onlySent().to()).isEqualTo(BOB);
        proxy.result(forwarded.get(0));
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void sendsAnEmptyIdUnderAFreshOneAndRestoresIt() {
        proxy.ready(A);
        proxy.get(ALICE, "");
        Stanza forwarded = proxy.onlySent();
        assertThat(forwarded.id()).hasSize(32);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().id()).isEmpty();
    }

    @Test
    void dropsRepliesThatDoNotMatchAndKeepsWaiting() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        String other = A.equals(forwarded.to()) ? B : A;
        String token = forwarded.from().substring("proxy.example/".length());
        String forged = token.substring(0, token.length() - 1) + (token.endsWith("A") ? "B" : "A");
        for (String[] wrong : new String[][] {
            {other, forwarded.from(), "1"},
            {forwarded.to().replace("/", "/x"), forwarded.from(), "1"},
            {"worker@some.example", forwarded.from(), "1"},
            {"mallory@some.example/a", forwarded.from(), "1"},
            {forwarded.to(), forwarded.from(), "2"},
            {forwarded.to(), forwarded.from(), ""},
            {forwarded.to(), "proxy.example/" + forged, "1"},
            {forwarded.to(), "proxy.example", "1"},
            {forwarded.to(), "node@proxy.example/" + token, "1"},
            {forwarded.to(), forwarded.from().toUpperCase(java.util.Locale.ROOT), "1"}
        }) {
            proxy.receive("<iq type='result' from='" + wrong[0] + "' to='" + wrong[1] + "' id='" + wrong[2] + "'/>");
            proxy.receive("<iq type='error' from='" + wrong[0] + "' to='" + wrong[1] + "' id='" + wrong[2]
                    + "'><error type='cancel'><gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        }
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.result(forwarded);
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void answersTheRequestThatExpires() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(59));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
        proxy.result(forwarded);
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void aLateReplyCannotAnswerASuccessor() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(61));
        proxy.sent();
        proxy.get(ALICE, "1");
        Stanza second = proxy.onlySent();
        assertThat(second.id()).isNotEqualTo("1");
        proxy.result(first);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(second);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
    }

    @Test
    void saysWhenNobodyIsThere() {
        proxy.ready();
        proxy.set(ALICE, "1");
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void waitsForAPoolThatIsNotConfirmedYet() {
        proxy.stream().become(StreamState.READY);
        proxy.get(ALICE, "1");
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isOne();
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        Stanza forwarded = proxy.onlySent();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
    }

    @Test
    void tellsWhoWaitedThatNobodyCame() {
        proxy.stream().become(StreamState.READY);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofMillis(3100));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void triesAnotherResourceWhenTheRequestBouncesAndTheResourceIsGone() {
        for (boolean get : new boolean[] {true, false}) {
            proxy.ready(A, B);
            if (get) {
                proxy.get(ALICE, "1");
            } else {
                proxy.set(ALICE, "1");
            }
            Stanza first = proxy.onlySent();
            proxy.leaves(first.to());
            proxy.error(first, "service-unavailable");
            Stanza second = proxy.onlySent();
            assertThat(second.to()).isNotEqualTo(first.to());
            assertThat(second.id()).isEqualTo("1");
            proxy.result(second);
            assertThat(proxy.onlySent().type()).isEqualTo("result");
        }
    }

    @Test
    void waitsForThePresenceThatExplainsABounce() {
        proxy.ready(A, B);
        proxy.set(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.error(first, "service-unavailable");
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(100));
        assertThat(proxy.sent()).isEmpty();
        proxy.leaves(first.to());
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isNotEqualTo(first.to());
        proxy.result(second);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }

    @Test
    void passesOnAnErrorOfAResourceThatStays() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        proxy.error(proxy.onlySent(), "service-unavailable");
        proxy.pass(Duration.ofMillis(300));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        proxy.get(ALICE, "2");
        proxy.error(proxy.onlySent(), "item-not-found");
        Stanza answer = proxy.onlySent();
        assertError(answer, Condition.ITEM_NOT_FOUND, StanzaError.Type.CANCEL);
        assertThat(answer.id()).isEqualTo("2");
    }

    @Test
    void doesNotRepeatASetThatMayHaveBeenCarriedOut() {
        proxy.ready(A, B);
        proxy.set(ALICE, "1");
        Stanza late = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(3));
        proxy.leaves(late.to());
        proxy.error(late, "service-unavailable");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
        proxy.comes(late.to());
        proxy.set(ALICE, "2");
        Stanza unacknowledged = proxy.onlySent();
        proxy.leaves(unacknowledged.to());
        proxy.error(unacknowledged, "recipient-unavailable");
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void repeatsAGetWhoseResourceLeftForGood() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        proxy.set(BOB, "2");
        List<Stanza> first = proxy.sent();
        proxy.leaves(first.get(0).to());
        proxy.leaves(first.get(1).to());
        proxy.comes("worker@some.example/c");
        proxy.pass(Duration.ofMillis(1900));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(200));
        List<Stanza> second = proxy.sent();
        assertThat(second).hasSize(2);
        for (Stanza stanza : second) {
            if (BOB.equals(stanza.to())) {
                assertError(stanza, Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
            } else {
                assertThat(stanza.to()).isEqualTo("worker@some.example/c");
                assertThat(stanza.id()).isEqualTo("1");
            }
        }
    }

    @Test
    void takesTheReplyOfAResourceThatLeftWithinTheGrace() {
        proxy.ready(A);
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(A);
        proxy.pass(Duration.ofSeconds(1));
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }

    @Test
    void goesOnWaitingForAResourceThatReturnsWithinTheGrace() {
        proxy.ready(A);
        proxy.set(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.leaves(A);
        proxy.pass(Duration.ofSeconds(1));
        proxy.comes(A);
        proxy.pass(Duration.ofSeconds(20));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }

    @Test
    void repeatsAGetWhoseSessionWasReplacedAtAnotherResource() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        proxy.set(BOB, "2");
        List<Stanza> first = proxy.sent();
        for (Stanza stanza : first) {
            // So long that no leave is in doubt, and less than the grace.
            proxy.pass(Duration.ofMillis(1600));
            proxy.leaves(stanza.to());
            proxy.comes(stanza.to());
        }
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(20));
        Stanza second = proxy.onlySent();
        assertThat(second.id()).isEqualTo("1");
        assertThat(second.to()).isNotEqualTo(first.get(0).to());
        proxy.result(second);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        // The set may have been carried out: it waits on.
        proxy.result(first.get(1));
        assertThat(proxy.onlySent().to()).isEqualTo(BOB);
    }

    @Test
    void repeatsAGetAtTheSessionThatTookItsPlaceWhereThereIsNoOther() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza first = proxy.onlySent();
        proxy.pass(Duration.ofSeconds(2));
        proxy.leaves(A);
        proxy.comes(A);
        proxy.pass(Duration.ofMillis(1900));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofMillis(200));
        Stanza second = proxy.onlySent();
        assertThat(second.to()).isEqualTo(A);
        assertThat(second.id()).isNotEqualTo("1");
        proxy.result(first);
        assertThat(proxy.sent()).isEmpty();
        // No further attempt is left, so it waits for this one.
        proxy.leaves(A);
        proxy.comes(A);
        proxy.pass(Duration.ofSeconds(10));
        assertThat(proxy.sent()).isEmpty();
        proxy.result(second);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
    }

    @Test
    void waitsWhileALeaveIsInDoubt() {
        proxy.ready(A);
        proxy.leaves(A);
        proxy.get(ALICE, "1");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(A);
        proxy.result(proxy.onlySent());
        assertThat(proxy.onlySent().type()).isEqualTo("result");
        proxy.pass(Duration.ofMillis(400));
        proxy.leaves(A);
        proxy.get(ALICE, "2");
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(4));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        proxy.get(ALICE, "3");
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
    }

    @Test
    void failsOverFromAResourceWhoseEndNobodyReports() {
        proxy.ready(A, B);
        for (int i = 0; i < 4; i++) {
            proxy.get(ALICE, "g" + i);
            proxy.set(BOB, "s" + i);
        }
        List<Stanza> atA = proxy.sent().stream().filter(s -> A.equals(s.to())).toList();
        assertThat(atA).hasSize(4);
        atA.forEach(stanza -> proxy.error(stanza, "service-unavailable"));
        proxy.pass(Duration.ofMillis(300));
        assertError(proxy.onlySent(), Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        proxy.comes(B);
        for (int i = 0; i < 3; i++) {
            proxy.get(ALICE, "n" + i);
            assertThat(proxy.onlySent().to()).isEqualTo(B);
        }
        proxy.pass(Duration.ofMillis(3100));
        assertThat(proxy.sent()).hasSize(3).allMatch(s -> B.equals(s.to()));
    }

    @Test
    void passesOnWhatWasHeldWhenTheSuspectAnswers() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        proxy.get(ALICE, "2");
        proxy.sent().forEach(stanza -> proxy.error(stanza, "service-unavailable"));
        proxy.pass(Duration.ofMillis(300));
        String first = proxy.onlySent().id();
        proxy.get(ALICE, "3");
        assertThat(proxy.sent()).isEmpty();
        proxy.comes(A);
        assertThat(proxy.onlySent().to()).isEqualTo(A);
        proxy.pass(Duration.ofMillis(300));
        Stanza held = proxy.onlySent();
        assertThat(held.id()).isEqualTo(first.equals("1") ? "2" : "1");
        assertThat(new String(held.content(), java.nio.charset.StandardCharsets.UTF_8))
                .doesNotContain("clientproxy");
    }

    @Test
    void triesNoMoreResourcesThanItMay() {
        proxy.ready(A, B, "worker@some.example/c");
        proxy.get(ALICE, "1");
        for (int attempt = 1; attempt <= 2; attempt++) {
            Stanza forwarded = proxy.onlySent();
            proxy.leaves(forwarded.to());
            proxy.error(forwarded, "service-unavailable");
        }
        assertError(proxy.onlySent(), Condition.RECIPIENT_UNAVAILABLE, StanzaError.Type.WAIT);
    }

    @Test
    void keepsTheDeadlineOverAllAttempts() {
        proxy.ready(A, B);
        proxy.get(ALICE, "1");
        proxy.pass(Duration.ofSeconds(50));
        proxy.leaves(proxy.onlySent().to());
        proxy.pass(Duration.ofSeconds(3));
        assertThat(proxy.sent()).hasSize(1);
        proxy.pass(Duration.ofSeconds(8));
        assertError(proxy.onlySent(), Condition.REMOTE_SERVER_TIMEOUT, StanzaError.Type.WAIT);
    }

    @Test
    void answersMalformedRepliesWithAFailureOfOurs() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.receive("<iq type='result' id='1' from='" + A + "' to='" + forwarded.from()
                + "'><a xmlns='u'/><b xmlns='u'/></iq>");
        assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
        proxy.get(ALICE, "2");
        Stanza second = proxy.onlySent();
        proxy.receive("<iq type='error' id='2' from='" + A + "' to='" + second.from() + "'/>");
        assertError(proxy.onlySent(), Condition.INTERNAL_SERVER_ERROR, StanzaError.Type.CANCEL);
    }

    @Test
    void neverChoosesTheSessionThatAsks() {
        proxy.ready(A, B);
        for (int i = 0; i < 4; i++) {
            proxy.get(A, "" + i);
            Stanza forwarded = proxy.onlySent();
            assertThat(forwarded.to()).isEqualTo(B);
            proxy.result(forwarded);
            assertThat(proxy.onlySent().to()).isEqualTo(A);
        }
    }

    @Test
    void survivesHundredsOfJoinsAndLeaves() {
        proxy.ready(A);
        Set<String> answered = new HashSet<>();
        for (int i = 0; i < 400; i++) {
            proxy.comes("worker@some.example/r" + i);
            proxy.get(ALICE, "id" + i);
            Stanza forwarded = proxy.onlySent();
            if (i % 3 == 0) {
                proxy.leaves("worker@some.example/r" + i);
                proxy.leaves("worker@some.example/r" + (i - 1));
            }
            if (!forwarded.to().equals("worker@some.example/r" + i) || i % 3 != 0) {
                proxy.result(forwarded);
                answered.add(proxy.onlySent().id());
            }
        }
        proxy.pass(Duration.ofSeconds(90));
        for (Stanza stanza : proxy.sent()) {
            if (ALICE.equals(stanza.to())) {
                assertThat(answered.add(stanza.id())).isTrue();
            }
        }
        assertThat(answered).hasSize(400);
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void pendingRequestsSurviveABreakOfTheStream() {
        proxy.ready(A);
        proxy.get(ALICE, "1");
        Stanza forwarded = proxy.onlySent();
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(Duration.ofSeconds(1));
        proxy.ready(A);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().type()).isEqualTo("result");
    }
}
