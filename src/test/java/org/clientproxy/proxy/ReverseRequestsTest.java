package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyRequestsTest.assertError;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.camel.ValidationException;
import org.apache.camel.builder.RouteBuilder;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.TokenKey;
import org.clientproxy.proxy.stats.ProxyCounters.Outcome;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.clientproxy.xmpp.StanzaError.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that sessions of the target send to requesters: to whom they go, who gets the one answer, and what is refused. */
class ReverseRequestsTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String OTHER_KEY = "HxECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @TempDir
    Path dataDir;

    @TempDir
    Path next;

    private final List<ProxyFixture> started = new ArrayList<>();
    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        started.forEach(ProxyFixture::close);
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(dataDir, settings -> change.apply(new SettingsBuilder(settings).jatKeys(KEY))
                .build());
        started.add(proxy);
        proxy.ready(A, B);
    }

    private void kill(Duration down, UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = proxy.killedAndStarted(
                next, down, settings -> change.apply(new SettingsBuilder(settings).pending(PendingKind.FILE))
                        .build());
        started.add(proxy);
        proxy.loop.runDue();
    }

    /** The encoded-from of a requester that writes to this address and gets its answer. */
    private String tokenOf(String requester, String used) {
        proxy.receive("<iq type='get' id='t' from='" + requester + "' to='" + used + "'><q xmlns='u'/></iq>");
        Stanza forwarded = proxy.onlySent();
        proxy.result(forwarded);
        proxy.onlySent();
        return String.valueOf(forwarded.from());
    }

    private void ask(String session, String to, String id) {
        proxy.receive("<iq type='get' id='" + id + "' from='" + session + "' to='" + to + "'><r xmlns='u'/></iq>");
    }

    private Stanza asked(String session, String to, String id) {
        ask(session, to, id);
        return proxy.onlySent();
    }

    private static void assertRefused(Stanza answer, StanzaError error, String session, String to) {
        assertThat(StanzaXml.errorOf(answer)).isEqualTo(error);
        assertThat(answer.to()).isEqualTo(session);
        assertThat(answer.from()).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({
        "alice@some.example/home,proxy.example",
        "alice@some.example/home,PROXY.example",
        "alice@some.example/home,Node@proxy.example",
        "alice@some.example/home,proxy.example/res",
        "alice@some.example/home,node@proxy.example/r/s",
        "alice@some.example,proxy.example",
        "some.example/service,proxy.example",
        "\u05d0\u05d1@some.example/\u05d2\u05d3 \u0661,proxy.example/\u05d4"
    })
    void goesToTheRequesterFromTheAddressThatItUsedAndBack(String requester, String used) throws Exception {
        start(s -> s);
        String token = tokenOf(requester, used);
        proxy.receive("<iq xml:lang='he' type='set' id='r1' from='" + A + "' to='" + token
                + "' x:a='1' xmlns:x='urn:x'><q xmlns='u'>&amp;<b xmlns=''/></q></iq>");
        Stanza passedOn = proxy.onlySent();
        assertThat(passedOn.from()).isEqualTo(used);
        assertThat(passedOn.to()).isEqualTo(requester);
        assertThat(passedOn.id()).isEqualTo("r1");
        assertThat(passedOn.type()).isEqualTo("set");
        assertThat(passedOn.attribute("xml:lang")).isEqualTo("he");
        assertThat(passedOn.attribute("x:a")).isEqualTo("1");
        assertThat(passedOn.content()).asString().isEqualTo("<q xmlns='u'>&amp;<b xmlns=''/></q>");
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.result(passedOn);
        Stanza answer = proxy.onlySent();
        assertThat(answer.from()).isEqualTo(token);
        assertThat(answer.to()).isEqualTo(A);
        assertThat(answer.id()).isEqualTo("r1");
        assertThat(answer.type()).isEqualTo("result");
        proxy.result(passedOn);
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
        assertThat(proxy.proxy.counters().reverse().requests()).isEqualTo(1);
        assertThat(proxy.proxy.counters().reverse().outcomes(Outcome.RESULT)).isEqualTo(1);
        assertThat(proxy.proxy.counters().requests()).isEqualTo(1);
    }

    @Test
    void aSessionThatIsNotInThePoolMayAskAndSoItMayWhileThePoolIsNotKnown() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        proxy.leaves(A);
        proxy.leaves(B);
        assertThat(asked(A, token, "1").to()).isEqualTo(ALICE);
        assertThat(asked("worker@some.example/never", token, "2").to()).isEqualTo(ALICE);
    }

    @Test
    void theAccountItselfMayNotAsk() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        assertRefused(asked("worker@some.example", token, "1"), ProxyErrors.NO_REVERSE, "worker@some.example", token);
    }

    @Test
    void whoIsNoRequesterAnswersNothingAndAnswersAreTakenOnce() throws Exception {
        start(s -> s);
        Stanza passedOn = asked(A, tokenOf(ALICE, "node@proxy.example"), "1");
        for (String from :
                List.of("alice@some.example/phone", "alice@some.example/Home", "alice@some.example", BOB, A)) {
            proxy.receive("<iq type='result' id='1' from='" + from + "' to='node@proxy.example'/>");
        }
        for (String to : List.of("proxy.example", "node@proxy.example/x", "other@proxy.example")) {
            proxy.receive("<iq type='result' id='1' from='" + ALICE + "' to='" + to + "'/>");
        }
        proxy.receive("<iq type='result' id='2' from='" + ALICE + "' to='node@proxy.example'/>");
        assertThat(proxy.sent()).isEmpty();
        // Servers deliver addresses in whatever letters.
        proxy.receive(
                "<iq type='error' id='1' from='Alice@SOME.example/home' to='NODE@proxy.example'><error type='cancel'>"
                        + "<service-unavailable xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>");
        Stanza answer = proxy.onlySent();
        assertError(answer, Condition.SERVICE_UNAVAILABLE, StanzaError.Type.CANCEL);
        assertThat(answer.to()).isEqualTo(A);
        proxy.result(passedOn);
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.counters().reverse().outcomes(Outcome.ERROR)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<iq type='result' id='1' from='alice@some.example/home' to='proxy.example'><a/><b/></iq>",
                "<iq type='error' id='1' from='alice@some.example/home' to='proxy.example'><a/></iq>"
            })
    void anAnswerThatIsNoneIsAnErrorOfOurs(String reply) throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        asked(A, token, "1");
        proxy.receive(reply);
        assertRefused(proxy.onlySent(), ProxyErrors.BAD_REPLY, A, token);
    }

    @Test
    void silenceEndsAtTheDeadlineAndALateAnswerIsNobodys() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        Stanza passedOn = asked(A, token, "1");
        proxy.pass(Duration.ofSeconds(59));
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(2));
        assertRefused(proxy.onlySent(), ProxyErrors.TIMEOUT, A, token);
        // The same id again, lest the late answer be taken for that of the second request.
        Stanza second = asked(A, token, "1");
        assertThat(second.id()).hasSize(32);
        proxy.result(passedOn);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(second);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
    }

    @Test
    void sessionsThatUseOneIdGetTheirOwnAnswers() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        Stanza ofA = asked(A, token, "1");
        Stanza ofB = asked(B, token, "1");
        Stanza ofAAgain = asked(A, token, "1");
        Stanza empty = asked(A, token, "");
        Stanza tooLong = asked(A, token, "x".repeat(129));
        assertThat(List.of(ofA.id(), ofB.id(), ofAAgain.id(), empty.id(), tooLong.id()))
                .doesNotHaveDuplicates();
        assertThat(ofA.id()).isEqualTo("1");
        proxy.result(ofB);
        assertThat(proxy.onlySent()).matches(answer -> B.equals(answer.to()) && "1".equals(answer.id()));
        proxy.result(ofAAgain);
        assertThat(proxy.onlySent()).matches(answer -> A.equals(answer.to()) && "1".equals(answer.id()));
        proxy.result(empty);
        assertThat(proxy.onlySent().id()).isEmpty();
        proxy.result(tooLong);
        assertThat(proxy.onlySent().id()).hasSize(129);
        proxy.result(ofA);
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void whatASessionAskedIsClosedWithoutAnAnswerWhenItLeaves() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        proxy.pass(Duration.ofSeconds(2));
        Stanza ofA = asked(A, token, "1");
        Stanza ofB = asked(B, token, "2");
        proxy.leaves(A);
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(1);
        proxy.comes(A);
        Stanza ofTheNext = asked(A, token, "1");
        assertThat(ofTheNext.id()).hasSize(32);
        proxy.result(ofA);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(ofTheNext);
        assertThat(proxy.onlySent().id()).isEqualTo("1");
        proxy.result(ofB);
        assertThat(proxy.onlySent().to()).isEqualTo(B);
        assertThat(proxy.proxy.counters().reverse().abandoned()).isEqualTo(1);
    }

    @Test
    void whatTheNewSessionAskedStaysWhenTheOldOneIsReportedToHaveLeftAfterIt() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        Stanza ofTheOld = asked(A, token, "old");
        proxy.pass(Duration.ofSeconds(5));
        proxy.comes(A);
        proxy.pass(Duration.ofMillis(100));
        Stanza ofTheNew = asked(A, token, "new");
        proxy.pass(Duration.ofSeconds(1));
        proxy.leaves(A);
        proxy.result(ofTheOld);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(ofTheNew);
        assertThat(proxy.onlySent().id()).isEqualTo("new");
    }

    @Test
    void aSessionThatWasOutOfThePoolLosesItsRequestsTooWhenItLeaves() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        String never = "worker@some.example/never";
        asked(never, token, "1");
        proxy.leaves(never);
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void limitsCountForTheSessionForTheAccountAskedAndForAll() throws Exception {
        start(s -> s.maxPending(100).maxPendingPerRequester(3));
        String alice = tokenOf(ALICE, "proxy.example");
        String alicesPhone = tokenOf("alice@some.example/phone", "proxy.example");
        for (int i = 0; i < 3; i++) {
            assertThat(asked(A, i == 0 ? alicesPhone : alice, "a" + i).isRequest())
                    .isTrue();
        }
        assertError(
                asked(A, tokenOf(BOB, "proxy.example"), "more"), Condition.RESOURCE_CONSTRAINT, StanzaError.Type.WAIT);
        assertThat(ModelReply.application(asked(B, alice, "b"))).isEqualTo("too-many-pending-of-requester");
        for (int i = 0; i < 7; i++) {
            String session = "worker@some.example/s" + i;
            assertThat(asked(session, tokenOf("u" + i + "@some.example/x", "proxy.example"), "1")
                            .isRequest())
                    .isTrue();
        }
        String last = tokenOf("last@some.example/x", "proxy.example");
        assertThat(ModelReply.application(asked(B, last, "1"))).isEqualTo("too-many-pending");
        // Requesters have the rest.
        proxy.get(BOB, "1");
        assertThat(proxy.onlySent().isRequest()).isTrue();
        assertThat(proxy.pendingRequests().reverseSize()).isEqualTo(10);
    }

    @Test
    void whoIsDeniedIsNotAsked() throws Exception {
        start(s -> s.deny(List.of(Jid.parse("bob@other.example"))));
        String token = "proxy.example/"
                + new JatCodec(Jid.parse("proxy.example"), List.of(TokenKey.decode(KEY, "it")), EncodedFrom.TOKEN)
                        .encode(BOB, "proxy.example");
        assertRefused(asked(A, token, "1"), ProxyErrors.FORBIDDEN_TO_ASK, A, token);
    }

    @Test
    void aPauseIsForRequestersAndAStopForAll() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        proxy.proxy.pause();
        assertThat(asked(A, token, "1").to()).isEqualTo(ALICE);
        proxy.pendingRequests().drain();
        assertRefused(asked(A, token, "2"), ProxyErrors.STOPPING, A, token);
        proxy.pendingRequests().stopAll();
        proxy.loop.runDue();
        Stanza stopped = proxy.onlySent();
        assertRefused(stopped, ProxyErrors.STOPPING, A, token);
        assertThat(stopped.id()).isEqualTo("1");
    }

    @Test
    void whatIsTooLargeWithTheRequestersAddressIsRefused() throws Exception {
        start(s -> s);
        String requester = "a@some.example/" + "r".repeat(600);
        String token = tokenOf(requester, "proxy.example/" + "n".repeat(100));
        int largest = proxy.stream().settings().maxStanzaSize();
        proxy.receive("<iq type='get' id='1' from='" + A + "' to='" + token + "'><q xmlns='u'>"
                + "x".repeat(largest - 700) + "</q></iq>");
        assertRefused(proxy.onlySent(), ProxyErrors.TOO_LARGE, A, token);
    }

    @ParameterizedTest
    @ValueSource(strings = {"AQAFYUBiLmN4eHh4eHh4eHh4eHh4eHh4eHg", "AgAFYUBiLmN4eHh4eHh4eHh4eHh4eHh4eHg"})
    void aTokenOfNobodyReachesNobody(String token) throws Exception {
        start(s -> s);
        String to = "proxy.example/" + token;
        assertRefused(asked(A, to, "1"), ProxyErrors.UNKNOWN_TOKEN, A, to);
    }

    @Test
    void offRefusesAsBefore() throws Exception {
        start(s -> s.with(ReverseKeys.REVERSE, false).with(ReverseKeys.REACH, List.of(Jid.parse("some.example"))));
        String token = tokenOf(ALICE, "proxy.example");
        assertRefused(asked(A, token, "1"), ProxyErrors.NO_REVERSE, A, token);
        String name = "alice\\40some.example@proxy.example";
        assertRefused(asked(A, name, "1"), ProxyErrors.NOT_REACHABLE, A, name);
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void aSessionThatIsNoImplementingClientMayNotAsk() throws Exception {
        start(s -> s.resources("a"));
        String token = tokenOf(ALICE, "proxy.example");
        assertRefused(asked(B, token, "1"), ProxyErrors.NOT_A_RESOURCE, B, token);
        assertThat(asked(A, token, "1").to()).isEqualTo(ALICE);
    }

    @ParameterizedTest
    @CsvSource({
        "carol\\40some.example@proxy.example/home,carol@some.example/home",
        "carol\\40some.example@proxy.example,carol@some.example",
        "Carol\\40SOME.example@proxy.example,Carol@SOME.example",
        "d\\5c27artagnan\\40some.example@proxy.example,d\\27artagnan@some.example",
        "a\\b\\40some.example@proxy.example,a\\b@some.example"
    })
    void whoMayBeReachedByNameIsAskedFromTheProxyHostAndAnswersFromTheName(String name, String jid) throws Exception {
        start(s -> s.with(ReverseKeys.REACH, List.of(Jid.parse("some.example"))));
        Stanza passedOn = asked(A, name, "1");
        assertThat(passedOn.to()).isEqualTo(jid);
        assertThat(passedOn.from()).isEqualTo("proxy.example");
        proxy.result(passedOn);
        Stanza answer = proxy.onlySent();
        assertThat(answer.from()).isEqualTo(name);
        assertThat(answer.to()).isEqualTo(A);
        asked(A, name, "2");
        proxy.pass(Duration.ofSeconds(61));
        assertRefused(proxy.onlySent(), ProxyErrors.TIMEOUT, A, name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a\\27b\\40some.example", // an apostrophe is in no localpart
                "a\\2fb\\40some.example",
                "\\40some.example",
                "a\\40b\\40some.example",
                "a\\40some.example\\2fr",
                "a\\40proxy.example",
                "worker\\40some.example",
                "a\\40some\\20.example"
            })
    void whatIsNoNameReachesNobody(String local) throws Exception {
        start(s -> s.with(ReverseKeys.REACH, List.of(Jid.parse("some.example"), Jid.parse("proxy.example"))));
        String name = local + "@proxy.example";
        assertRefused(asked(A, name, "1"), ProxyErrors.BAD_NAME, A, name);
    }

    @Test
    void othersAreNotReachedByNameAndNobodyElseReachesAnybody() throws Exception {
        start(s -> s.with(ReverseKeys.REACH, List.of(Jid.parse("some.example")))
                .deny(List.of(Jid.parse("dave@some.example"))));
        String name = "bob\\40other.example@proxy.example";
        assertRefused(asked(A, name, "1"), ProxyErrors.NAME_NOT_REACHABLE, A, name);
        String denied = "dave\\40some.example@proxy.example";
        assertRefused(asked(A, denied, "1"), ProxyErrors.FORBIDDEN_TO_ASK, A, denied);
        // An outsider means a node of the proxy host.
        proxy.receive("<iq type='get' id='1' from='" + ALICE
                + "' to='carol\\40some.example@proxy.example'><q xmlns='u'/></iq>");
        assertThat(proxy.onlySent().to()).startsWith("worker@some.example/");
    }

    @Test
    void aRequesterTooLongForATokenIsKnownForHalfAnHour() throws Exception {
        start(s -> s);
        String requester = "l".repeat(1023) + "@some.example/" + "r".repeat(1023);
        String token = tokenOf(requester, "proxy.example");
        assertThat(token).hasSize("proxy.example/".length() + 44);
        Stanza passedOn = asked(A, token, "1");
        assertThat(passedOn.to()).isEqualTo(requester);
        proxy.result(passedOn);
        assertThat(proxy.onlySent().from()).isEqualTo(token);
        proxy.pass(Duration.ofMinutes(32));
        assertRefused(asked(A, token, "2"), ProxyErrors.UNKNOWN_TOKEN, A, token);
    }

    @Test
    void aPlainAddressIsKnownForHalfAnHour() throws Exception {
        start(s -> s.encodedFrom(EncodedFrom.PLAIN));
        String to = "proxy.example/" + ALICE;
        assertRefused(asked(A, to, "0"), ProxyErrors.UNKNOWN_TOKEN, A, to);
        assertThat(tokenOf(ALICE, "PROXY.example")).isEqualTo(to);
        Stanza passedOn = asked(A, to, "1");
        assertThat(passedOn.to()).isEqualTo(ALICE);
        assertThat(passedOn.from()).isEqualTo("PROXY.example");
        proxy.pass(Duration.ofMinutes(32));
        proxy.sent();
        assertRefused(asked(A, to, "2"), ProxyErrors.UNKNOWN_TOKEN, A, to);
    }

    @Test
    void twoSessionsThatAskEachOtherOnEachRequestEndByTheLimits() throws Exception {
        start(s -> s.maxPending(100).maxPendingPerRequester(5));
        String ofA = asked(A, "proxy.example", "first").from();
        assertThat(asked(B, "proxy.example", "second").to()).isEqualTo(A);
        ask(B, ofA, "x");
        int refused = 0;
        for (int round = 0; round < 50; round++) {
            for (Stanza stanza : proxy.sent()) {
                if (stanza.isRequest()) {
                    // Whoever is asked asks back, by the address from which it was asked.
                    ask(String.valueOf(stanza.to()), ofA, "n" + round);
                } else {
                    refused++;
                }
            }
        }
        assertThat(refused).isPositive();
        proxy.pass(Duration.ofSeconds(61));
        proxy.sent();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void theGateSeesWhoWillBeAskedAndByWhomAndRefuses() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        List<String> seen = new ArrayList<>();
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:proxy-reverse-admitted").process(exchange -> {
                    seen.add(exchange.getMessage().getHeader("ClientProxyRequester") + " "
                            + exchange.getMessage().getHeader("ClientProxyRequesterDomain") + " "
                            + exchange.getMessage().getHeader("ClientProxyAsking"));
                    if (seen.size() > 1) {
                        throw new ValidationException(exchange, "no");
                    }
                });
                from("direct:proxy-request-admitted").process(exchange -> seen.add("a requester"));
            }
        });
        assertThat(asked(A, token, "1").to()).isEqualTo(ALICE);
        assertThat(seen).containsExactly(ALICE + " some.example " + A);
        assertRefused(asked(A, token, "2"), ProxyErrors.NOT_ACCEPTABLE, A, token);
        assertThat(proxy.proxy.counters().reverse().outcomes(Outcome.REFUSED)).isEqualTo(1);
    }

    @Test
    void theStoppedRouteOfStanzasRefuses() throws Exception {
        start(s -> s);
        String token = tokenOf(ALICE, "proxy.example");
        proxy.context.getRouteController().stopRoute("proxy-stanzas");
        proxy.loop.runDue();
        assertRefused(asked(A, token, "1"), ProxyErrors.PAUSED, A, token);
    }

    @ParameterizedTest
    @ValueSource(strings = {KEY, OTHER_KEY})
    void theNextProcessPassesTheAnswerOnOnceWhateverItsKey(String key) throws Exception {
        start(s -> s.pending(PendingKind.FILE));
        String token = tokenOf(ALICE, "node@proxy.example");
        Stanza answered = asked(A, token, "0");
        proxy.result(answered);
        proxy.onlySent();
        Stanza passedOn = asked(A, token, "1");
        Stanza ofB = asked(B, token, "2");
        kill(Duration.ofSeconds(1), s -> s.jatKeys(key));
        assertThat(proxy.proxy.pendingRequests()).isEqualTo(2);
        assertThat(proxy.pendingRequests().reverseSize()).isEqualTo(2);
        proxy.ready(A, B);
        proxy.result(answered);
        assertThat(proxy.sent()).isEmpty();
        proxy.result(passedOn);
        Stanza answer = proxy.onlySent();
        assertThat(answer.from()).isEqualTo(token);
        assertThat(answer.to()).isEqualTo(A);
        assertThat(answer.id()).isEqualTo("1");
        proxy.result(passedOn);
        assertThat(proxy.sent()).isEmpty();
        proxy.leaves(B);
        proxy.result(ofB);
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }

    @Test
    void theNextProcessKeepsTheDeadlineAndTellsOfWhatWasOver() throws Exception {
        start(s -> s.pending(PendingKind.FILE));
        String token = tokenOf(ALICE, "proxy.example");
        asked(A, token, "over");
        proxy.pass(Duration.ofSeconds(40));
        Stanza later = asked(A, token, "later");
        kill(Duration.ofSeconds(21), s -> s.jatKeys(KEY));
        proxy.ready(A);
        proxy.pass(Duration.ofSeconds(1));
        Stanza over = proxy.onlySent();
        assertRefused(over, ProxyErrors.TIMEOUT, A, token);
        assertThat(over.id()).isEqualTo("over");
        proxy.pass(Duration.ofSeconds(40));
        assertThat(proxy.onlySent().id()).isEqualTo("later");
        proxy.result(later);
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.counters().reverse().outcomes(Outcome.REFUSED)).isEqualTo(2);
    }

    @Test
    void whatWasClosedForItsSessionLeftIsNotTakenUpByTheNextProcess() throws Exception {
        start(s -> s.pending(PendingKind.FILE));
        String token = tokenOf(ALICE, "proxy.example");
        proxy.pass(Duration.ofSeconds(2));
        asked(A, token, "1");
        proxy.leaves(A);
        kill(Duration.ofSeconds(1), s -> s.jatKeys(KEY));
        assertThat(proxy.proxy.pendingRequests()).isZero();
    }
}
