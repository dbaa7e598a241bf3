package org.clientproxy.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.clientproxy.proxy.ProxyFixture.A;
import static org.clientproxy.proxy.ProxyFixture.ALICE;
import static org.clientproxy.proxy.ProxyFixture.B;
import static org.clientproxy.proxy.ProxyFixture.BOB;
import static org.clientproxy.proxy.ProxyFixture.PROXY;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.clientproxy.proxy.jat.JatCodec;
import org.clientproxy.proxy.pending.ProxyErrors;
import org.clientproxy.proxy.settings.EncodedFrom;
import org.clientproxy.proxy.settings.PendingKind;
import org.clientproxy.proxy.settings.ProxySettings;
import org.clientproxy.proxy.settings.TokenKey;
import org.clientproxy.xml.StanzaXml;
import org.clientproxy.xmpp.Jid;
import org.clientproxy.xmpp.Stanza;
import org.clientproxy.xmpp.XmlText;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code proxy.encoded-from=plain}: who is shown to implementing clients by address, and what that changes, which is nothing else. */
class PlainEncodedFromTest {
    /** Keys of 256 bits; the first makes the token that a domain below is shaped like. */
    private static final String KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    private static final String OTHER_KEY = "HxECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8";

    @TempDir
    Path first;

    @TempDir
    Path second;

    private final List<ProxyFixture> started = new ArrayList<>();
    private ProxyFixture proxy;

    @AfterEach
    void stop() {
        started.forEach(ProxyFixture::close);
    }

    private static UnaryOperator<ProxySettings> with(UnaryOperator<SettingsBuilder> change) {
        return settings -> change.apply(new SettingsBuilder(settings)
                        .encodedFrom(EncodedFrom.PLAIN)
                        .jatKeys(KEY))
                .build();
    }

    private void start(UnaryOperator<SettingsBuilder> change) throws Exception {
        proxy = ProxyFixture.start(first, with(change));
        started.add(proxy);
        proxy.ready(A);
    }

    private Stanza asked(String type, String requester, String to) {
        proxy.receive("<iq type='" + type + "' id='1' from='" + escaped(requester) + "' to='" + escaped(to)
                + "'><q xmlns='urn:q'/></iq>");
        return proxy.onlySent();
    }

    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        XmlText.escape(text, escaped);
        return escaped.toString();
    }

    static Stream<String> requestersInPlainForm() {
        return Stream.of(
                ALICE,
                "alice@some.example",
                "some.example",
                "some.example/component",
                "localhost",
                "aq",
                "alice@some.example/A b  c ",
                "alice@some.example/ a",
                "alice@some.example/q'\"<>&",
                "alice@some.example/a/b@c",
                "alice@some.example/!#$%()*+,-.:;=?[\\]^_`{|}~",
                "alice@some.example/AQAVdXNlckBzb21lLmV4YW1wbGUvYWJjy8kSPUnIMOTo6R0I4Z7Tow",
                "a@b/" + "r".repeat(Jid.MAX_PART_OCTETS - 4));
    }

    @ParameterizedTest
    @MethodSource("requestersInPlainForm")
    void showsTheRequesterItselfAndBringsTheReplyToIt(String requester) throws Exception {
        start(s -> s);
        Stanza forwarded = asked("set", requester, PROXY);
        assertThat(forwarded.from()).isEqualTo(PROXY + "/" + requester);
        assertThat(forwarded.id()).isEqualTo("1");
        proxy.result(forwarded);
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.to()).isEqualTo(requester);
        assertThat(answer.from()).isEqualTo(PROXY);
        assertThat(answer.id()).isEqualTo("1");
    }

    @ParameterizedTest
    @CsvSource({"alice@some.example/home,PROXY.Example", "alice@some.example/home,proxy.example."})
    void theProxyHostInOtherLettersIsTheProxyHost(String requester, String used) throws Exception {
        start(s -> s);
        Stanza forwarded = asked("get", requester, used);
        assertThat(forwarded.from()).isEqualTo(PROXY + "/" + requester);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().from()).isEqualTo(used);
    }

    static Stream<String> requestersByToken() {
        String token = new JatCodec(Jid.parse(PROXY), List.of(TokenKey.decode(KEY, "it")), EncodedFrom.TOKEN)
                .encode("user@some.example/abc", PROXY);
        return Stream.of(
                "älice@some.example/home",
                "alice@bücher.example/home",
                "alice@some.example/\ud83d\ude00",
                "alice@some.example/\u05d0",
                "a@b/" + "r".repeat(Jid.MAX_PART_OCTETS - 3),
                // a domain that looks like a token, by chance or not
                token,
                "AQ" + "a".repeat(30),
                "Ag" + "a".repeat(41) + "A");
    }

    @ParameterizedTest
    @MethodSource("requestersByToken")
    void fallsBackToTheTokenWhereTheAddressCannotBeShown(String requester) throws Exception {
        start(s -> s);
        assertToken(asked("get", requester, PROXY), requester);
    }

    @ParameterizedTest
    @ValueSource(strings = {"node@proxy.example", "proxy.example/res", "node@proxy.example/res"})
    void fallsBackToTheTokenWhereAnotherAddressWasUsed(String used) throws Exception {
        start(s -> s);
        Stanza forwarded = asked("get", ALICE, used);
        assertThat(forwarded.from()).matches("proxy\\.example/[A-Za-z0-9_-]+");
        proxy.result(forwarded);
        assertThat(proxy.onlySent().from()).isEqualTo(used);
    }

    private void assertToken(Stanza forwarded, String requester) {
        assertThat(forwarded.from()).matches("proxy\\.example/[A-Za-z0-9_-]+").isNotEqualTo(PROXY + "/" + requester);
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(requester);
    }

    @Test
    void theRightToAnswerComesFromThePendingRequestAlone() throws Exception {
        start(s -> s);
        Stanza forwarded = asked("get", ALICE, PROXY);
        // another resource, another requester, another id, another account, nobody's
        proxy.comes(B);
        proxy.receive("<iq type='result' id='1' from='" + B + "' to='" + forwarded.from() + "'/>");
        proxy.receive("<iq type='result' id='1' from='" + A + "' to='proxy.example/" + BOB + "'/>");
        proxy.receive("<iq type='result' id='2' from='" + A + "' to='" + forwarded.from() + "'/>");
        proxy.receive("<iq type='result' id='1' from='" + BOB + "' to='" + forwarded.from() + "'/>");
        proxy.receive("<iq type='result' id='1' from='" + A + "' to='proxy.example/alice@some.example/Home'/>");
        proxy.receive("<iq type='result' id='1' from='" + A + "' to='x@proxy.example/" + ALICE + "'/>");
        assertThat(proxy.sent()).isEmpty();
        proxy.result(forwarded);
        assertThat(proxy.onlySent().to()).isEqualTo(ALICE);
        proxy.result(forwarded);
        assertThat(proxy.sent()).isEmpty();
    }

    @Test
    void twoRequestsUnderOneIdByTwoSpellingsOfTheProxyHostGetTheirOwnAnswers() throws Exception {
        start(s -> s);
        Stanza one = asked("get", ALICE, PROXY);
        Stanza two = asked("get", ALICE, "Proxy.example");
        assertThat(two.from()).isEqualTo(one.from());
        assertThat(two.id()).isNotEqualTo(one.id());
        proxy.result(two);
        assertThat(proxy.onlySent().from()).isEqualTo("Proxy.example");
        proxy.result(one);
        assertThat(proxy.onlySent().from()).isEqualTo(PROXY);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "alice@some.example/home",
                "alice@some.example",
                "some.example",
                "localhost",
                "never@asked.example/x",
                "worker@some.example/b"
            })
    void neverPassesARequestOfAResourceToAnAddressOnToAnotherResource(String address) throws Exception {
        start(s -> s);
        proxy.comes(B);
        Stanza answer = asked("get", A, PROXY + "/" + address);
        assertThat(StanzaXml.errorOf(answer)).isEqualTo(ProxyErrors.UNKNOWN_TOKEN);
        assertThat(answer.to()).isEqualTo(A);
        assertThat(answer.from()).isEqualTo(PROXY + "/" + address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"proxy.example", "node@proxy.example", "node@proxy.example/x@y", "proxy.example/tö"})
    void aResourceMayAskWhatStandsForNobody(String to) throws Exception {
        start(s -> s);
        proxy.comes(B);
        assertThat(asked("get", A, to).to()).isEqualTo(B);
    }

    @Test
    void aTokenStaysAToken() throws Exception {
        start(s -> s);
        String token = asked("get", ALICE, "node@proxy.example").fromJid().resource();
        Stanza passedOn = asked("get", A, PROXY + "/" + token);
        assertThat(passedOn.to()).isEqualTo(ALICE);
        assertThat(passedOn.from()).isEqualTo("node@proxy.example");
    }

    @ParameterizedTest
    @CsvSource({"PLAIN," + KEY, "PLAIN," + OTHER_KEY, "TOKEN," + OTHER_KEY})
    void anOwedReplyArrivesAfterARestartWhateverFormAndKeyThenAre(EncodedFrom form, String key) throws Exception {
        start(s -> s.pending(PendingKind.FILE));
        Stanza shown = asked("get", ALICE, PROXY);
        Stanza hidden = asked("get", "älice@some.example/home", PROXY);
        proxy = proxy.killedAndStarted(second, Duration.ofSeconds(1), with(s -> s.pending(PendingKind.FILE)
                .encodedFrom(form)
                .jatKeys(key)));
        started.add(proxy);
        proxy.loop.runDue();
        proxy.ready(A);
        proxy.result(hidden);
        assertThat(proxy.onlySent().to()).isEqualTo("älice@some.example/home");
        proxy.result(shown);
        Stanza answer = proxy.onlySent();
        assertThat(answer.type()).isEqualTo("result");
        assertThat(answer.to()).isEqualTo(ALICE);
        assertThat(answer.from()).isEqualTo(PROXY);
        proxy.result(shown);
        assertThat(proxy.sent()).isEmpty();
    }
}
