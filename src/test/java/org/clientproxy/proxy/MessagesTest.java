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
import org.apache.camel.ValidationException;
import org.apache.camel.builder.AdviceWith;
import org.apache.camel.builder.RouteBuilder;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.ConfigKey;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.MessageKeys;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.RequestKeys;
import org.clientproxy.proxy.settings.ReverseKeys;
import org.clientproxy.proxy.settings.RouteKeys;
import org.clientproxy.proxy.settings.WorkerKeys;
import org.clientproxy.proxy.stats.MessageCounters.Fate;
import org.clientproxy.stream.StanzaNotSentException;
import org.clientproxy.stream.StreamState;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.StanzaError;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages with {@code proxy.messages=on}: to whom they go, what is as it came, and what is refused or dropped. */
class MessagesTest {
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";
    private static final String HOST = "proxy.example";

    @TempDir
    Path dataDir;

    private ProxyFixture proxy;
    private ProxySettings settings;

    @AfterEach
    void stop() {
        proxy.close();
    }

    private void prepare(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(
                dataDir,
                defaults -> settings = change.apply(new SettingsBuilder(defaults)
                                .with(MessageKeys.MESSAGES, true)
                                .jatKeys(KEY))
                        .build());
    }

    private <T> void adjust(ConfigKey<T> key, T value) {
        settings = settings.with(key, value);
        proxy.proxy.adjust(settings);
        proxy.loop.runDue();
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        prepare(change);
        proxy.ready(A, B);
    }

    private void start() throws Exception {
        start(s -> s);
    }

    private void write(String from, String to, String type, String id) {
        proxy.receive("<message type='" + type + "' id='" + id + "' from='" + from + "' to='" + to + "'><body>" + id
                + "</body></message>");
    }

    private Stanza written(String from, String to, String type, String id) {
        write(from, to, type, id);
        return proxy.onlySent();
    }

    private void assertRefused(StanzaError error, String from, String to, String id) {
        Stanza answer = proxy.onlySent();
        assertThat(answer.kind()).isEqualTo(Stanza.Kind.MESSAGE);
        assertThat(answer.type()).isEqualTo("error");
        assertThat(StanzaXml.errorOf(answer)).isEqualTo(error);
        assertThat(answer.from()).isEqualTo(to);
        assertThat(answer.to()).isEqualTo(from);
        assertThat(answer.id()).isEqualTo(id);
        assertThat(answer.children()).isOne();
    }

    private long in(Fate fate) {
        return proxy.proxy.counters().messages().of(fate);
    }

    private long out(Fate fate) {
        return proxy.proxy.counters().reverseMessages().of(fate);
    }

    private static String other(String resource) {
        return resource.equals(A) ? B : A;
    }

    @ParameterizedTest
    @CsvSource({
        "chat,proxy.example",
        "normal,PROXY.example",
        "groupchat,node@proxy.example",
        "headline,proxy.example/res",
        "anything,node@proxy.example/res",
        "chat,alice\\40other.example@proxy.example",
        "chat,proxy.example/AQAFYWxpY2UAAAAAAAAAAAAAAAAAAAAA"
    })
    void aRequestersMessageGoesToOneResourceAsItCame(String type, String used) throws Exception {
        start();
        proxy.receive("<message xml:lang='he' type='" + type + "' id='m1' from='" + ALICE + "' to='" + used
                + "' x:a='1' xmlns:x='urn:x'><body>&amp;</body><request xmlns='urn:xmpp:receipts'/></message>");
        Stanza passed = proxy.onlySent();
        assertThat(passed.to()).isIn(A, B);
        assertThat(passed.fromJid().domain()).isEqualTo(HOST);
        assertThat(passed.type()).isEqualTo(type);
        assertThat(passed.id()).isEqualTo("m1");
        assertThat(passed.attribute("xml:lang")).isEqualTo("he");
        assertThat(passed.attribute("x:a")).isEqualTo("1");
        assertThat(passed.content()).asString().isEqualTo("<body>&amp;</body><request xmlns='urn:xmpp:receipts'/>");
        // The resource answers, from the address that was used.
        Stanza answer = written(passed.to(), passed.from(), "chat", "m2");
        assertThat(answer.from()).isEqualTo(used);
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(in(Fate.PASSED)).isOne();
        assertThat(out(Fate.PASSED)).isOne();
    }

    @Test
    void aMessageWithoutTypeAndIdHasNoneAfterwards() throws Exception {
        start();
        proxy.receive("<message from='" + ALICE + "' to='" + HOST + "'/>");
        Stanza passed = proxy.onlySent();
        assertThat(passed.id()).isNull();
        assertThat(passed.type()).isNull();
        proxy.receive("<message id='' from='" + passed.to() + "' to='" + passed.from() + "'><body/></message>");
        assertThat(proxy.onlySent().id()).isEmpty();
    }

    @Test
    void aConversationStaysAtItsResourceWhateverDeviceWrites() throws Exception {
        start();
        String holder = written(ALICE, HOST, "chat", "1").to();
        for (int i = 0; i < 20; i++) {
            assertThat(written("alice@some.example/device" + i, HOST, "chat", "d" + i)
                            .to())
                    .isEqualTo(holder);
        }
    }

    @Test
    void whoWritesToARequesterHoldsTheConversation() throws Exception {
        start();
        Stanza first = written(ALICE, HOST, "chat", "1");
        String other = other(String.valueOf(first.to()));
        written(other, first.from(), "chat", "2");
        assertThat(written(ALICE, HOST, "chat", "3").to()).isEqualTo(other);
        // Another address is another conversation, which the hash of its own finds.
        assertThat(written(ALICE, "shop@" + HOST, "chat", "4").to()).isIn(A, B);
    }

    @Test
    void whoAsksARequesterHoldsTheConversation() throws Exception {
        start();
        Stanza first = written(ALICE, HOST, "chat", "1");
        String other = other(String.valueOf(first.to()));
        proxy.receive("<iq type='get' id='r' from='" + other + "' to='" + first.from() + "'><q xmlns='urn:q'/></iq>");
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        assertThat(written(ALICE, HOST, "chat", "3").to()).isEqualTo(other);
        // So does whoever gets the answer, though another one has written in the meantime.
        written(String.valueOf(first.to()), first.from(), "chat", "4");
        proxy.receive("<iq type='result' id='r' from='" + ALICE + "' to='" + HOST + "'/>");
        assertThat(proxy.onlySent().to()).isEqualTo(other);
        assertThat(written(ALICE, HOST, "chat", "5").to()).isEqualTo(other);
    }

    @Test
    void aGoneHolderIsFollowedByAnother() throws Exception {
        start();
        String holder = String.valueOf(written(ALICE, HOST, "chat", "1").to());
        proxy.leaves(holder);
        assertThat(written(ALICE, HOST, "chat", "2").to()).isEqualTo(other(holder));
    }

    @ParameterizedTest
    @ValueSource(strings = {"chat", "normal", "groupchat", "anything"})
    void whereNobodyIsThereTheSenderHearsIt(String type) throws Exception {
        prepare(s -> s);
        proxy.ready();
        write(ALICE, "n@" + HOST, type, "1");
        assertRefused(ProxyErrors.NO_RESOURCE, ALICE, "n@" + HOST, "1");
        assertThat(in(Fate.REFUSED)).isOne();
    }

    @ParameterizedTest
    @ValueSource(strings = {"headline", "error"})
    void whatIsNotAnsweredIsDroppedInSilence(String type) throws Exception {
        prepare(s -> s);
        proxy.ready();
        write(ALICE, HOST, type, "1");
        assertThat(proxy.sent()).isEmpty();
        assertThat(in(Fate.DROPPED)).isOne();
    }

    @Test
    void anErrorOfARequesterGoesToTheHolderAndToNobodyElse() throws Exception {
        start();
        write(ALICE, HOST, "error", "0");
        assertThat(proxy.sent()).isEmpty();
        Stanza first = written(ALICE, HOST, "chat", "1");
        String writer = other(String.valueOf(first.to()));
        written(writer, first.from(), "chat", "2");
        Stanza bounce = written("alice@some.example", HOST, "error", "2");
        assertThat(bounce.to()).isEqualTo(writer);
        assertThat(bounce.type()).isEqualTo("error");
        assertThat(bounce.id()).isEqualTo("2");
        proxy.leaves(writer);
        write(ALICE, HOST, "error", "3");
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void anErrorOfAResourceGoesToTheRequesterAndDoesNotMakeAHolder() throws Exception {
        start();
        Stanza first = written(ALICE, HOST, "chat", "1");
        String other = other(String.valueOf(first.to()));
        Stanza bounce = written(other, first.from(), "error", "1");
        assertThat(bounce.to()).isEqualTo(ALICE);
        assertThat(bounce.from()).isEqualTo(HOST);
        assertThat(written("worker@some.example", first.from(), "error", "1").to())
                .isEqualTo(ALICE);
        assertThat(written(ALICE, HOST, "chat", "2").to()).isEqualTo(first.to());
    }

    @Test
    void whoStandsForNobodyIsSaidToAResource() throws Exception {
        start();
        String token = HOST + "/AQAFYWxpY2UAAAAAAAAAAAAAAAAAAAAA";
        write(A, token, "chat", "1");
        assertRefused(ProxyErrors.UNKNOWN_TOKEN, A, token, "1");
        write(A, token, "headline", "2");
        write(A, token, "error", "3");
        assertThat(proxy.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {HOST, "node@" + HOST, HOST + "/res", "node@" + HOST + "/res"})
    void aResourcesMessageToTheProxyHostGoesToNobody(String to) throws Exception {
        start();
        write(A, to, "chat", "1");
        assertRefused(ProxyErrors.OWN_SESSION, A, to, "1");
        write(A, to, "headline", "2");
        write(A, to, "error", "3");
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void aResourceReachesByNameWhoMayBeReached() throws Exception {
        start(s ->
                s.with(ReverseKeys.REACH, List.of(Jid.parse("other.example"))).with(ReverseKeys.REVERSE, false));
        String named = "bob\\40other.example@" + HOST;
        Stanza passed = written(A, named, "chat", "1");
        assertThat(passed.to()).isEqualTo("bob@other.example");
        assertThat(passed.from()).isEqualTo(HOST);
        assertThat(written(A, named + "/phone", "chat", "2").to()).isEqualTo(BOB);
        Stanza answer = written(BOB, HOST, "chat", "3");
        assertThat(answer.to()).isEqualTo(A);
        // The first message went to the account, and an error of it is about that one, whichever session it comes from.
        assertThat(written(BOB, HOST, "error", "1").from()).isEqualTo(named);
        assertThat(written("bob@other.example", HOST, "error", "2").from()).isEqualTo(named + "/phone");
        assertThat(written(A, answer.from(), "chat", "2").to()).isEqualTo(BOB);
        assertThat(written(BOB, HOST, "error", "2").from()).isEqualTo(answer.from());
        write(A, "eve\\40evil.example@" + HOST, "chat", "4");
        assertRefused(ProxyErrors.NAME_NOT_REACHABLE, A, "eve\\40evil.example@" + HOST, "4");
    }

    @Test
    void whoIsDeniedNeitherWritesNorIsWrittenTo() throws Exception {
        start();
        String token = written(ALICE, HOST, "chat", "1").from();
        adjust(RouteKeys.DENY, List.of(Jid.parse("some.example")));
        write(ALICE, HOST, "chat", "2");
        assertRefused(ProxyErrors.FORBIDDEN, ALICE, HOST, "2");
        write(A, token, "chat", "3");
        assertRefused(ProxyErrors.FORBIDDEN_TO_ASK, A, token, "3");
    }

    @Test
    void aSessionThatIsNoImplementingClientWritesToNobody() throws Exception {
        start(s -> s.resources("a", "b"));
        String token = written(ALICE, HOST, "chat", "1").from();
        write("worker@some.example/desk", token, "chat", "2");
        assertRefused(ProxyErrors.NOT_A_RESOURCE, "worker@some.example/desk", token, "2");
        write("worker@some.example", token, "normal", "3");
        assertRefused(ProxyErrors.NOT_A_RESOURCE, "worker@some.example", token, "3");
    }

    @Test
    void whileItIsPausedRequestersAreRefusedAndResourcesAreNot() throws Exception {
        start();
        Stanza first = written(ALICE, HOST, "chat", "1");
        proxy.proxy.pause();
        proxy.loop.runDue();
        write(ALICE, HOST, "chat", "2");
        assertRefused(ProxyErrors.PAUSED, ALICE, HOST, "2");
        assertThat(written(A, first.from(), "chat", "3").to()).isEqualTo(ALICE);
    }

    @Test
    void whatDoesNotSatisfyTheFilterIsRefused() throws Exception {
        // The file has this step in a comment.
        start(s -> s.accept("/*[not(@type='chat')]").routes("java"));
        write(ALICE, HOST, "chat", "1");
        assertRefused(ProxyErrors.NOT_ACCEPTABLE, ALICE, HOST, "1");
        assertThat(written(ALICE, HOST, "normal", "2").to()).isIn(A, B);
    }

    @Test
    void aMessageThatIsTooLargeWhenItIsRewrittenIsRefused() throws Exception {
        start();
        int most = proxy.stream().settings().maxStanzaSize();
        String large = "x".repeat(most - 120);
        proxy.receive("<message type='chat' id='1' from='" + ALICE + "' to='" + HOST + "'><body>" + large
                + "</body></message>");
        assertRefused(ProxyErrors.TOO_LARGE, ALICE, HOST, "1");
    }

    @Test
    void ofAMessageThatCameTooLargeOnlyWhoGetsAnErrorHears() throws Exception {
        start();
        assertThat(proxy.stream().skips(message("chat"))).isTrue();
        assertThat(proxy.stream().skips(message("headline"))).isFalse();
        assertThat(proxy.stream().skips(message("error"))).isFalse();
        adjust(MessageKeys.MESSAGES, false);
        assertThat(proxy.stream().skips(message("chat"))).isFalse();
    }

    private static Stanza message(String type) {
        return StanzaXml.parse("<message type='" + type + "' from='" + ALICE + "' to='" + HOST + "'/>");
    }

    @Test
    void whoIsTooFastHearsItOnceASecond() throws Exception {
        start(s -> s.with(MessageKeys.MESSAGE_RATE, 5));
        for (int i = 0; i < 100; i++) {
            write(ALICE, HOST, "chat", "1");
        }
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(21);
        assertThat(StanzaXml.errorOf(sent.get(20))).isEqualTo(ProxyErrors.TOO_FAST);
        assertThat(in(Fate.THROTTLED)).isEqualTo(80);
        proxy.pass(Duration.ofSeconds(1));
        for (int i = 0; i < 100; i++) {
            write(ALICE, HOST, i % 2 == 0 ? "headline" : "chat", "1");
        }
        assertThat(proxy.sent()).hasSize(6);
        // Each account has a time of its own.
        assertThat(written(BOB, HOST, "chat", "1").to()).isIn(A, B);
    }

    @Test
    void aResourceThatFloodsARequesterIsThrottled() throws Exception {
        start(s -> s.with(MessageKeys.MESSAGE_RATE, 5));
        String token = written(ALICE, HOST, "chat", "1").from();
        for (int i = 0; i < 100; i++) {
            write(i % 2 == 0 ? A : B, token, "chat", "1");
        }
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(21);
        assertThat(StanzaXml.errorOf(sent.get(20))).isEqualTo(ProxyErrors.TOO_FAST);
        assertThat(out(Fate.THROTTLED)).isEqualTo(80);
    }

    @Test
    void itIsKnownWhoIsBehindALongAddressAndAPlainOne() throws Exception {
        start();
        String requester = "alice@some.example/" + "x".repeat(1000);
        Stanza passed = written(requester, HOST, "chat", "1");
        assertThat(written(A, passed.from(), "chat", "2").to()).isEqualTo(requester);
    }

    @Test
    void thePlainFormIsKnownWhileTheConversationIs() throws Exception {
        start(s -> s.encodedFrom(EncodedFrom.PLAIN));
        write(A, HOST + "/" + ALICE, "chat", "0");
        assertRefused(ProxyErrors.UNKNOWN_TOKEN, A, HOST + "/" + ALICE, "0");
        Stanza passed = written(ALICE, HOST, "chat", "1");
        assertThat(passed.from()).isEqualTo(HOST + "/" + ALICE);
        assertThat(written(A, passed.from(), "chat", "2").to()).isEqualTo(ALICE);
    }

    @Test
    void whileThePoolIsNotKnownMessagesWaitInTheirOrder() throws Exception {
        prepare(s -> s);
        proxy.stream().become(StreamState.READY);
        for (int i = 0; i < 10; i++) {
            write(i % 2 == 0 ? ALICE : BOB, HOST, "chat", "m" + i);
        }
        assertThat(proxy.sent()).isEmpty();
        assertThat(proxy.proxy.heldMessages()).isEqualTo(10);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.pass(Duration.ofSeconds(4));
        write(ALICE, HOST, "chat", "m10");
        assertThat(proxy.sent())
                .extracting(Stanza::id)
                .containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "m8", "m9", "m10");
        assertThat(proxy.proxy.heldMessages()).isZero();
    }

    @Test
    void whatWaitsGoesOnWhenTheOnlyOneReturnsFromBeingOut() throws Exception {
        aloneAndOut();
        Stanza ping = proxy.onlySent();
        write(ALICE, HOST, "chat", "m");
        assertThat(proxy.sent()).isEmpty();
        proxy.result(ping);
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    @Test
    void whatWaitsGoesOnWhenAnOperatorRestoresTheOnlyOne() throws Exception {
        aloneAndOut();
        proxy.sent();
        write(ALICE, HOST, "chat", "m");
        assertThat(proxy.sent()).isEmpty();
        proxy.proxy.restore(Jid.parse(A));
        proxy.loop.runDue();
        assertThat(proxy.onlySent().to()).isEqualTo(A);
    }

    /** A is ejected, the time for that is over, and on a new stream nobody else has shown up yet. */
    private void aloneAndOut() throws Exception {
        start(s -> s.with(WorkerKeys.EJECT_AFTER, 1)
                .with(WorkerKeys.EJECT_TIME, Duration.ofSeconds(1))
                .with(RequestKeys.REPLY_TIMEOUT, Duration.ofSeconds(10)));
        for (Stanza sent = null; sent == null || !sent.to().equals(A); ) {
            proxy.get(ALICE, "r");
            sent = proxy.onlySent();
            if (!sent.to().equals(A)) {
                proxy.result(sent);
                proxy.sent();
            }
        }
        proxy.pass(Duration.ofMillis(10_100));
        assertThat(proxy.proxy.ejectedResources()).isOne();
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(Duration.ofSeconds(5));
        proxy.sent();
        proxy.stream().become(StreamState.READY);
        proxy.receive("<presence from='worker@some.example' to='proxy.example' type='subscribed'/>");
        proxy.comes(A);
        proxy.loop.advance(Duration.ofMillis(1));
    }

    @Test
    void whatWaitsDoesSoNoLongerThanTheTimeToFindOut() throws Exception {
        prepare(s -> s);
        proxy.stream().become(StreamState.READY);
        write(ALICE, HOST, "chat", "1");
        proxy.stream().become(StreamState.DISCONNECTED);
        proxy.pass(Duration.ofSeconds(4));
        assertRefused(ProxyErrors.MESSAGE_NOT_SENT, ALICE, HOST, "1");
    }

    @Test
    void noMoreWaitThanThereIsRoomFor() throws Exception {
        prepare(s -> s.with(MessageKeys.MESSAGE_RATE, 0));
        proxy.stream().become(StreamState.READY);
        for (int i = 0; i < 1000; i++) {
            write(ALICE, HOST, "chat", "m");
        }
        assertThat(proxy.sent()).isEmpty();
        write(ALICE, HOST, "chat", "more");
        assertRefused(ProxyErrors.TOO_MANY_MESSAGES, ALICE, HOST, "more");
        write(ALICE, HOST, "headline", "more");
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void whatWasNotBegunWhenTheStreamBrokeIsAnsweredOrWaits() throws Exception {
        start();
        String token = written(ALICE, HOST, "chat", "1").from();
        write(ALICE, HOST, "chat", "2");
        write(ALICE, HOST, "headline", "3");
        write(A, token, "chat", "4");
        proxy.stream().breakUnwritten();
        List<Stanza> left = proxy.sent();
        assertThat(left).extracting(Stanza::id).containsExactlyInAnyOrder("2", "4");
        assertThat(left).allSatisfy(each -> assertThat(each.to()).isEqualTo(ALICE));
        assertThat(left)
                .anySatisfy(each -> assertThat(StanzaXml.errorOf(each)).isEqualTo(ProxyErrors.MESSAGE_NOT_SENT));
    }

    @Test
    void whatTheStreamDoesNotTakeIsAnswered() throws Exception {
        start();
        proxy.stream().refuse(StanzaNotSentException.Reason.OUTBOX_FULL);
        write(ALICE, HOST, "chat", "1");
        assertRefused(ProxyErrors.TOO_MANY_MESSAGES, ALICE, HOST, "1");
        proxy.stream().refuse(StanzaNotSentException.Reason.OUTBOX_FULL);
        write(ALICE, HOST, "headline", "2");
        assertThat(proxy.sent()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"choose-holder", "translate-message"})
    void aStepThatFailsIsSaidToTheSender(String step) throws Exception {
        start();
        Stanza known = written(ALICE, HOST, "chat", "0");
        AdviceWith.adviceWith(proxy.context, "proxy-stanzas", advice -> advice.weaveById("proxy-" + step)
                .replace()
                .process(exchange -> {
                    throw new IllegalStateException("no " + step);
                }));
        write(ALICE, HOST, "chat", "1");
        assertRefused(ProxyErrors.FAILURE, ALICE, HOST, "1");
        write(ALICE, HOST, "headline", "2");
        assertThat(proxy.sent()).isEmpty();
        assertThat(known.id()).isEqualTo("0");
    }

    @Test
    void theGateSeesBothDirectionsAndRefuses() throws Exception {
        List<String> seen = new ArrayList<>();
        start();
        proxy.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:proxy-message-admitted").process(exchange -> {
                    seen.add(exchange.getMessage().getHeader("ClientProxyDirection") + " "
                            + exchange.getMessage().getHeader("ClientProxyRequester") + " "
                            + exchange.getMessage().getHeader("ClientProxyRequesterDomain") + " "
                            + exchange.getMessage().getHeader("ClientProxyAsking"));
                    if (exchange.getMessage().getBody(Stanza.class).id().startsWith("bad")) {
                        throw new ValidationException(exchange, "bad");
                    }
                    exchange.getMessage().setBody("something else");
                });
            }
        });
        Stanza first = written(ALICE, HOST, "chat", "1");
        assertThat(first.content()).asString().isEqualTo("<body>1</body>");
        assertThat(written(A, first.from(), "chat", "2").to()).isEqualTo(ALICE);
        assertThat(seen).containsExactly("in " + ALICE + " some.example null", "out " + ALICE + " some.example " + A);
        write(ALICE, HOST, "chat", "bad1");
        assertRefused(ProxyErrors.NOT_ACCEPTABLE, ALICE, HOST, "bad1");
        write(ALICE, HOST, "headline", "bad2");
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void aCopyThatClaimsToBeOfSomebodyElseComesFromTheToken() throws Exception {
        start();
        String copy = "<received xmlns='urn:xmpp:carbons:2'><forwarded xmlns='urn:xmpp:forward:0'><message"
                + " xmlns='jabber:client' from='bob@other.example'/></forwarded></received>";
        proxy.receive("<message from='" + ALICE + "' to='" + HOST + "'>" + copy + "</message>");
        Stanza passed = proxy.onlySent();
        assertThat(passed.content()).asString().isEqualTo(copy);
        assertThat(passed.from()).startsWith(HOST + "/");
    }

    @Test
    void whileItStopsNothingIsPassedOn() throws Exception {
        prepare(s -> s);
        proxy.stream().become(StreamState.READY);
        write(ALICE, HOST, "chat", "waits");
        proxy.pendingRequests().drain();
        write(ALICE, HOST, "chat", "later");
        assertRefused(ProxyErrors.STOPPING, ALICE, HOST, "later");
        write(ALICE, HOST, "headline", "later");
        assertThat(proxy.sent()).isEmpty();
        proxy.pass(Duration.ofSeconds(4));
        assertRefused(ProxyErrors.STOPPING, ALICE, HOST, "waits");
    }

    @Test
    void thousandsOfMessagesOfOneConversationKeepTheirOrder() throws Exception {
        start(s -> s.with(MessageKeys.MESSAGE_RATE, 0));
        String holder = null;
        for (int i = 0; i < 5000; i++) {
            write(ALICE, HOST, "chat", String.valueOf(i));
        }
        List<Stanza> sent = proxy.sent();
        assertThat(sent).hasSize(5000);
        for (int i = 0; i < sent.size(); i++) {
            assertThat(sent.get(i).id()).isEqualTo(String.valueOf(i));
            holder = holder == null ? sent.get(i).to() : holder;
            assertThat(sent.get(i).to()).isEqualTo(holder);
        }
    }

    @Test
    void anEditOfTheKeyHoldsAtOnce() throws Exception {
        start(s -> s.with(MessageKeys.MESSAGES, false));
        write(ALICE, HOST, "chat", "1");
        assertRefused(ProxyErrors.NO_MESSAGES, ALICE, HOST, "1");
        write(ALICE, HOST, "groupchat", "2");
        write(ALICE, HOST, "headline", "3");
        assertThat(proxy.sent()).isEmpty();
        adjust(MessageKeys.MESSAGES, true);
        assertThat(written(ALICE, HOST, "groupchat", "4").to()).isIn(A, B);
    }
}
